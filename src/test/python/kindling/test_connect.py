"""The same through a real Spark Connect server, started with the job jar, with Spark's own client. Needs a process of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyspark
import pytest
from conftest import HOUSES, flower_rows, house_command, house_regressor, quick_classifier, scored_by_a_stream
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import OneVsRest
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder, TrainValidationSplit

pytestmark = pytest.mark.skipif(pyspark.__version__.startswith("3."), reason="Spark Connect has no ML before Spark 4")

import kindling  # noqa: E402

BESIDE_DRIVER = r"must run beside the driver, .* Spark Connect client's"
ENVIRONMENT = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}  # OneVsRest's functions
LONGEST_START = 900  # seconds, for a machine that does much else


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def submit(properties, *words):
    """A command of spark-submit with the job jar."""
    settings = {
        **kindling.settings(),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        **properties,
    }
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--master", "local[2]"]
    for key, value in settings.items():
        command += ["--conf", f"{key}={value}"]
    return [*command, *words]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    port = free_port()
    address = {"spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": str(port)}
    command = submit(address, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")
    log = tmp_path_factory.mktemp("server") / "log"
    with open(log, "wb") as out:
        # exec of the scripts: the process is the JVM
        process = subprocess.Popen(command, stdout=out, stderr=out, env=ENVIRONMENT)
    try:
        wait_for(port, process, log)
        yield f"sc://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(port, process, log):
    last = time.monotonic() + LONGEST_START
    while time.monotonic() < last and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the Connect server did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="module")
def remote(server):
    started = kindling.session(remote=server)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def rows(remote):
    return remote.createDataFrame(flower_rows(), ["features", "label"])


@pytest.fixture
def mlp(remote):
    return quick_classifier()


@pytest.fixture(scope="module")
def model(rows):
    return quick_classifier().fit(rows)


@pytest.fixture(scope="module")
def table(remote):
    return remote.createDataFrame(
        [(float(i % 7), "ab"[i % 2], 3.0 * (i % 7) + i % 2) for i in range(90)], "size double, kind string, price double"
    )


def predictions(model, rows):
    return [each.prediction for each in model.transform(rows).collect()]


def test_a_model_is_fitted_saved_and_loaded(mlp, model, rows, tmp_path):
    assert model.numClasses == 3 and model.numFeatures == 2
    scored = model.transform(rows)
    assert MulticlassClassificationEvaluator(metricName="accuracy").evaluate(scored) > 0.95
    model.save(str(tmp_path / "model"))
    loaded = kindling.MlpClassificationModel.load(str(tmp_path / "model"))
    assert predictions(loaded, rows) == [each.prediction for each in scored.collect()]
    mlp.save(str(tmp_path / "estimator"))
    assert kindling.MlpClassifier.load(str(tmp_path / "estimator")).getSeed() == 3


def test_one_row_is_scored_as_by_transform(model, rows):
    row = model.transform(rows).first()
    assert model.predict(row.features) == row.prediction
    assert model.predictRaw(row.features) == row.rawPrediction
    assert model.predictProbability(row.features) == row.probability
    assert "2 inputs: " in repr(model)


def test_a_model_tells_of_itself_and_its_fit(model, rows, tmp_path):
    assert model.network.startswith("2 inputs: ") and model.layers[-1] == "dense2"
    assert (model.numMembers, model.temperature, len(model.offsets)) == (1, 1.0, 2)
    assert model.weights["dense1.weight"].shape == (2, 8)
    assert sum(each.size for each in model.weights.values()) == model.numParameters
    assert model.hasSummary and len(model.summary.history) == 15
    assert model.summary.toPandas().loc[1, "trainingLoss"] > model.summary.toPandas().loc[15, "trainingLoss"]
    assert model.summary.toDF().count() == 15
    evaluation = model.evaluate(rows)
    assert evaluation.accuracy > 0.95 and evaluation.confusion.sum() == evaluation.rows == 180
    importance = model.permutationImportance(rows, repeats=2, seed=1)
    assert {each.position for each in importance} == {0, 1} and importance[0].mean > 0.1
    model.save(str(tmp_path / "model"))
    loaded = kindling.MlpClassificationModel.load(str(tmp_path / "model"))
    np.testing.assert_array_equal(loaded.weights["dense1.weight"], model.weights["dense1.weight"])
    assert not loaded.hasSummary
    with pytest.raises(kindling.KindlingError, match="was loaded"):
        _ = loaded.summary
    assert len(predictions(model, rows)) == 180  # it still predicts


def test_a_pipeline_of_a_raw_table(table, tmp_path):
    stages = [
        kindling.TableVectorizer(labelCol="price"),
        kindling.MlpRegressor(labelCol="price", hiddenLayers=[4], maxIter=20, stepSize=0.1, members=1),
    ]
    model = Pipeline(stages=stages).fit(table)
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert predictions(loaded, table) == predictions(model, table)


def test_a_table_needs_no_pipeline(table, tmp_path):
    mlp = kindling.MlpRegressor(labelCol="price", featuresCols=["size", "kind"], hiddenLayers=[4], maxIter=5, members=1)
    model = mlp.fit(table)
    assert model.evaluate(table).rows == 90
    assert {each.name for each in model.permutationImportance(table, repeats=1)} == {"size", "kind"}
    model.save(str(tmp_path / "model"))
    loaded = kindling.MlpRegressionModel.load(str(tmp_path / "model"))
    assert predictions(loaded, table) == predictions(model, table)


def test_the_bits_are_those_of_the_command_line(remote, tmp_path):
    folder, saved = str(tmp_path / "rows"), str(tmp_path / "model")
    remote.createDataFrame(HOUSES, "size double, kind string, price double").coalesce(1).write.parquet(folder)
    command = submit({}, "--class", "dev.kindling.job.Main", kindling.jars(), *house_command(folder, saved))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr[-4000:]
    mine = house_regressor().fit(remote.read.parquet(folder)).weights
    theirs = PipelineModel.load(saved).stages[-1].weights
    assert list(mine) == list(theirs)
    for name, values in mine.items():
        assert values.tobytes() == theirs[name].tobytes()


def test_cross_validation_and_its_kin(mlp, rows, tmp_path):
    grid = ParamGridBuilder().addGrid(mlp.optimizer, ["adam", "sgd"]).addGrid(mlp.hiddenLayers, [[4], [8]]).build()
    evaluator = MulticlassClassificationEvaluator()
    quick = mlp.copy({mlp.maxIter: 4})
    search = CrossValidator(estimator=quick, estimatorParamMaps=grid, evaluator=evaluator, numFolds=2, parallelism=2)
    fitted = search.fit(rows)
    assert len(fitted.avgMetrics) == 4 and len(set(fitted.avgMetrics)) > 1
    fitted.save(str(tmp_path / "cv"))
    loaded = CrossValidatorModel.load(str(tmp_path / "cv"))
    assert loaded.avgMetrics == pytest.approx(fitted.avgMetrics)
    assert predictions(loaded.bestModel, rows) == predictions(fitted.bestModel, rows)
    split = TrainValidationSplit(estimator=quick, estimatorParamMaps=grid[:2], evaluator=evaluator).fit(rows)
    assert len(split.validationMetrics) == 2 and split.bestModel.numClasses == 3


def test_one_against_the_rest(mlp, rows):
    model = OneVsRest(classifier=mlp.copy({mlp.maxIter: 5})).fit(rows)
    assert MulticlassClassificationEvaluator(metricName="accuracy").evaluate(model.transform(rows)) > 0.8


def test_thresholds_change_predictions(model, rows):
    always = model.copy().setThresholds([1e-9, 1.0, 1.0])
    assert set(predictions(always, rows)) == {0.0}
    assert set(predictions(model, rows)) == {0.0, 1.0, 2.0}


def test_streams_are_scored(remote, model, rows, tmp_path):
    scored = {row.features: row.prediction for row in model.transform(rows).collect()}
    assert scored_by_a_stream(remote, model, rows, tmp_path) == scored


def test_plots_are_drawn_and_notebooks_show_tables(model, rows):
    pytest.importorskip("matplotlib").use("Agg")
    evaluation = model.evaluate(rows)
    assert model.summary.plot().get_xlabel() == "epoch"
    assert evaluation.plot().get_ylabel() == "actual"
    assert evaluation.plotCalibration().get_xlabel() == "mean probability"
    assert sum(each.weight for each in evaluation.reliability) == 180
    for each in (model.summary, evaluation):
        assert "<table>" in each._repr_html_()


def test_a_users_mistake_is_a_sentence(mlp, rows):
    with pytest.raises(kindling.KindlingError, match="adm"):
        mlp.setOptimizer("adm").fit(rows)
    with pytest.raises(kindling.KindlingError, match="featurs"):
        mlp.setOptimizer("adam").setFeaturesCol("featurs").fit(rows)


def test_an_empty_list_does_as_elsewhere(mlp, rows, table):
    linear = mlp.setMaxIter(2).setHiddenLayers([])
    assert linear.getHiddenLayers() == []
    assert linear.fit(rows).layers[-1] == "dense1"
    assert mlp.setHiddenLayers([5]).fit(rows).weights["dense1.bias"].shape == (1, 5)
    model = kindling.TableVectorizer(labelCol="price", dropCols=["kind"]).setDropCols([]).fit(table)
    assert model.transform(table).first().features.size > 1
    with pytest.raises(kindling.KindlingError, match="thresholds is an empty list"):
        mlp.setThresholds([])


@pytest.mark.parametrize(
    "ask",
    [
        lambda mlp, rows: mlp.check(rows),
        lambda mlp, rows: mlp.learningRateRange(rows),
        lambda mlp, rows: mlp.scalePlan(rows, 4),
        lambda mlp, rows: mlp.setListener(kindling.Progress()),
        lambda mlp, rows: mlp.setListener(kindling.TensorBoard("board")),
        lambda mlp, rows: kindling.TrainingReport(),
        lambda mlp, rows: kindling.RandomParamGrid(mlp),
        lambda mlp, rows: kindling.MlpSearch(mlp),
        lambda mlp, rows: kindling.MlpClassificationModel.fromPyTorch("module.safetensors", "dense(3)"),
        lambda mlp, rows: kindling.register(rows.sparkSession, "score", "model"),
        lambda mlp, rows: kindling.exportOnnx(None, rows.schema, "model.onnx"),
    ],
)
def test_what_connect_cannot_do_is_a_sentence(mlp, rows, ask):
    with pytest.raises(kindling.KindlingError, match=BESIDE_DRIVER):
        ask(mlp, rows)


@pytest.mark.parametrize(
    "ask",
    [
        lambda mlp, model: mlp.setInitialModel(model),
        lambda mlp, model: model.getVectorizerModel(),
        lambda mlp, model: model.exportOnnx("model.onnx"),
        lambda mlp, model: model.exportSafetensors("model.safetensors"),
        lambda mlp, model: model.register(None, "score"),
    ],
)
def test_what_connect_cannot_do_with_a_model_is_a_sentence(mlp, model, ask):
    with pytest.raises(kindling.KindlingError, match=BESIDE_DRIVER):
        ask(mlp, model)


def test_what_a_vectorizer_decided_is_not_told(table):
    vectorizer = kindling.TableVectorizer(labelCol="price").fit(table)
    for ask in (vectorizer.getInputCols, vectorizer.describe, lambda: vectorizer.decisions):
        with pytest.raises(kindling.KindlingError, match=BESIDE_DRIVER):
            ask()


def test_mlflow_needs_the_driver(mlp, model, rows, tmp_path):
    pytest.importorskip("mlflow")
    import kindling.mlflow

    with pytest.raises(kindling.KindlingError, match=BESIDE_DRIVER):
        kindling.mlflow.save_model(model, str(tmp_path / "model"))
    kindling.mlflow.autolog()
    try:
        with pytest.raises(kindling.KindlingError, match=BESIDE_DRIVER):
            mlp.fit(rows)
    finally:
        kindling.mlflow.autolog(disable=True)


# the last, because its session is the active one from then on
@pytest.mark.skipif(pyspark.__version__.startswith("4.0"), reason="Spark keeps models on the server's disk since 4.1")
def test_a_model_comes_back_from_the_servers_disk(server, mlp):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.remote(server)
    for key, value in {"enabled": "true", "maxInMemorySize": "1024"}.items():
        builder = builder.config(f"spark.connect.session.connectML.mlCache.memoryControl.{key}", value)
    session = builder.create()
    try:
        rows = session.createDataFrame(flower_rows(), ["features", "label"])
        model = mlp.fit(rows)
        assert session.client._get_ml_cache_info() == []  # a model of more than a kilobyte has left it
        assert sum(each.label == each.prediction for each in model.transform(rows).collect()) > 170
    finally:
        session.stop()  # else the process waits for it at its end, when there is no server any more
