"""Models, params and figures in MLflow, against a store in a local folder."""

import numpy as np
import pytest

mlflow = pytest.importorskip("mlflow")


@pytest.fixture
def runs(spark, tmp_path, monkeypatch):
    """An experiment in a folder of its own; no run is open."""
    import kindling.mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # which MLflow 3 would rather have in a database
    mlflow.set_tracking_uri(tmp_path.as_uri())
    mlflow.set_experiment("kindling")
    yield kindling.mlflow
    kindling.mlflow.autolog(disable=True)
    while mlflow.active_run():
        mlflow.end_run()


def probabilities(model, rows):
    return np.array([row.probability.toArray() for row in model.transform(rows).collect()])


def people_classifier(**params):
    import kindling

    return kindling.MlpClassifier(
        featuresCols=["age", "city"], hiddenLayers=[8], maxIter=3, members=1, seed=3, numShards=2, **params
    )


def test_a_logged_model_comes_back_with_the_same_bits(runs, people):
    model = people_classifier().fit(people)
    with mlflow.start_run():
        logged = runs.log_model(model, "model")
    again = runs.load_model(logged.model_uri)
    assert np.array_equal(probabilities(model, people), probabilities(again, people))
    folder = mlflow.artifacts.download_artifacts(logged.model_uri)
    assert mlflow.models.Model.load(folder).flavors["kindling"]["onnx"] == "model.onnx"


def test_a_pipeline_is_logged(runs, people):
    from pyspark.ml import Pipeline

    model = Pipeline(stages=[people_classifier()]).fit(people)
    with mlflow.start_run():
        logged = runs.log_model(model, "model")
    assert np.array_equal(probabilities(model, people), probabilities(runs.load_model(logged.model_uri), people))


def test_a_fit_is_a_run(runs, people):
    runs.autolog()
    model = people_classifier(validationFraction=0.2).fit(people)
    run = mlflow.last_active_run()
    assert run.info.status == "FINISHED"
    assert run.data.params["hiddenLayers"] == "[8]"
    assert run.data.params["seed"] == "3"
    assert run.data.tags["estimator"] == "MlpClassifier"
    assert run.data.tags["network"] == model.network
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "trainingLoss")
    assert [each.step for each in history] == [each.epoch for each in model.summary.history]
    assert [each.value for each in history] == [each.trainingLoss for each in model.summary.history]
    assert run.data.metrics["validationLoss"] == model.summary.history[-1].validationLoss
    page = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/report.html")
    assert page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>")
    logged = mlflow.search_logged_models(output_format="list")
    assert len(logged) == 1
    assert np.array_equal(probabilities(model, people), probabilities(runs.load_model(logged[0].model_uri), people))


def test_runs_lie_below_the_active_one_and_end_with_autologging(runs, people):
    runs.autolog(log_models=False)
    with mlflow.start_run() as outer:
        people_classifier().fit(people)
    inner = mlflow.search_runs(output_format="list", filter_string=f"tags.mlflow.parentRunId = '{outer.info.run_id}'")
    assert len(inner) == 1
    runs.autolog(disable=True)
    people_classifier().fit(people)
    assert len(mlflow.search_runs(output_format="list")) == 2


def test_a_fit_that_fails_is_a_failed_run(runs, people):
    import kindling

    runs.autolog()
    with pytest.raises(kindling.KindlingError):
        people_classifier(labelCol="nothing").fit(people)
    assert mlflow.search_runs(output_format="list")[0].info.status == "FAILED"


def test_other_models_are_refused(runs, people, tmp_path):
    import kindling

    vectorizer = kindling.TableVectorizer(inputCols=["age", "city"]).fit(people)
    with pytest.raises(kindling.KindlingError, match="must be one of MlpClassificationModel, MlpRegressionModel, PipelineModel"):
        runs.save_model(vectorizer, str(tmp_path / "m"))
