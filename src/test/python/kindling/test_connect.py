"""The same through a real Spark Connect server on this machine, with Spark's own client. Needs a process of its own."""

import numpy as np
import pyspark
import pytest
from conftest import flower_rows

pytestmark = pytest.mark.skipif(pyspark.__version__.startswith("3."), reason="Spark Connect has no ML before Spark 4")

import kindling  # noqa: E402


@pytest.fixture(scope="module")
def remote():
    started = kindling.session(
        remote="local[2]",
        conf={"spark.ui.enabled": False, "spark.sql.shuffle.partitions": 2, "spark.driver.host": "127.0.0.1"},
    )
    yield started
    started.stop()


@pytest.fixture(scope="module")
def rows(remote):
    return remote.createDataFrame(flower_rows(), ["features", "label"])


@pytest.fixture
def mlp():
    return kindling.MlpClassifier(hiddenLayers=[8], maxIter=15, batchSize=32, stepSize=0.02, members=1, seed=3, numShards=2)


def test_a_model_is_fitted_saved_and_loaded(mlp, rows, tmp_path):
    from pyspark.ml.evaluation import MulticlassClassificationEvaluator

    model = mlp.fit(rows)
    assert model.numClasses == 3 and model.numFeatures == 2
    scored = model.transform(rows)
    assert MulticlassClassificationEvaluator(metricName="accuracy").evaluate(scored) > 0.95
    model.save(str(tmp_path / "model"))
    loaded = kindling.MlpClassificationModel.load(str(tmp_path / "model"))
    again = [each.prediction for each in loaded.transform(rows).collect()]
    assert again == [each.prediction for each in scored.collect()]
    mlp.save(str(tmp_path / "estimator"))
    assert kindling.MlpClassifier.load(str(tmp_path / "estimator")).getSeed() == 3


def test_one_row_is_scored_as_by_transform(mlp, rows):
    model = mlp.fit(rows)
    row = model.transform(rows).first()
    assert model.predict(row.features) == row.prediction
    assert model.predictRaw(row.features) == row.rawPrediction
    assert model.predictProbability(row.features) == row.probability
    assert "2 inputs: " in repr(model)


def test_a_pipeline_of_a_raw_table(remote, tmp_path):
    from pyspark.ml import Pipeline, PipelineModel

    table = remote.createDataFrame(
        [(float(i % 7), "ab"[i % 2], 3.0 * (i % 7) + i % 2) for i in range(90)], "size double, kind string, price double"
    )
    stages = [
        kindling.TableVectorizer(labelCol="price"),
        kindling.MlpRegressor(labelCol="price", hiddenLayers=[4], maxIter=20, stepSize=0.1, members=1),
    ]
    model = Pipeline(stages=stages).fit(table)
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    np.testing.assert_array_equal(
        [each.prediction for each in model.transform(table).collect()],
        [each.prediction for each in loaded.transform(table).collect()],
    )


def test_a_users_mistake_is_a_sentence(mlp, rows):
    with pytest.raises(kindling.KindlingError, match="adm"):
        mlp.setOptimizer("adm").fit(rows)
    with pytest.raises(kindling.KindlingError, match="featurs"):
        mlp.setOptimizer("adam").setFeaturesCol("featurs").fit(rows)


def test_an_empty_list_is_refused_at_once(mlp):
    with pytest.raises(kindling.KindlingError, match="hiddenLayers is an empty list"):
        mlp.setHiddenLayers([])


@pytest.mark.parametrize(
    "ask",
    [
        lambda mlp, model, rows: model.summary,
        lambda mlp, model, rows: model.weights,
        lambda mlp, model, rows: model.evaluate(rows),
        lambda mlp, model, rows: mlp.check(rows),
        lambda mlp, model, rows: mlp.setListener(kindling.Progress()),
        lambda mlp, model, rows: kindling.MlpSearch(mlp),
    ],
)
def test_what_connect_cannot_do_is_a_sentence(mlp, rows, ask):
    model = kindling.MlpClassificationModel()
    with pytest.raises(kindling.KindlingError, match="Spark Connect client's"):
        ask(mlp, model, rows)
