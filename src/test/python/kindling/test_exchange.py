"""Models leave for SQL, ONNX and safetensors, and come from PyTorch."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from pyspark.ml import Pipeline, PipelineModel, Transformer
from pyspark.ml.feature import Binarizer, Imputer, IndexToString, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.linalg import Vectors
from safetensors.numpy import load_file

import kindling

PYTORCH = Path(__file__).parents[3] / "test/resources/golden/pytorch"
CASES = {each["name"]: each for each in json.loads((PYTORCH / "outputs.json").read_text())["cases"]}


@pytest.fixture(scope="module")
def of_people(people):
    return kindling.MlpClassifier(featuresCols=["age", "city"], hiddenLayers=[4], maxIter=3, members=1, seed=1).fit(people)


def test_a_model_is_a_function_of_sql(spark, of_people, people, tmp_path):
    of_people.register(spark, "score")
    people.createOrReplaceTempView("people")
    scored = spark.sql("SELECT s.label, s.probability['1'] AS p FROM (SELECT score(struct(*)) AS s FROM people)").collect()
    expected = of_people.transform(people).collect()
    assert [float(each.label) for each in scored] == [each.prediction for each in expected]
    np.testing.assert_allclose([each.p for each in scored], [each.probability[1] for each in expected], atol=1e-6)
    always = of_people.copy().setThresholds([1e-9, 1.0])
    always.register(spark, "always")
    assert [row[0] for row in people.selectExpr("always(struct(*)).label").distinct().collect()] == ["0"]
    of_people.exportSafetensors(str(tmp_path / "people.safetensors"))
    kindling.register(spark, "saved", str(tmp_path / "people.safetensors"))
    assert people.selectExpr("saved(struct(*)) AS s").collect() == people.selectExpr("score(struct(*)) AS s").collect()
    with pytest.raises(kindling.KindlingError, match=r"must have a file model\.safetensors, but has none"):
        kindling.register(spark, "none", str(tmp_path))
    with pytest.raises(kindling.KindlingError, match="must be a SparkSession, but is a str"):
        of_people.register("score", spark)


def test_onnx_runtime_computes_the_probabilities(fitted, flowers, tmp_path):
    path = str(tmp_path / "model.onnx")
    fitted.exportOnnx(path)
    rows = fitted.transform(flowers).collect()
    features = np.array([row.features.toArray() for row in rows], np.float32)
    label, probabilities = onnxruntime.InferenceSession(path).run(["label", "probabilities"], {"features": features})
    np.testing.assert_allclose(probabilities, [row.probability.toArray() for row in rows], atol=1e-5)
    assert list(label) == [row.prediction for row in rows]
    with pytest.raises(kindling.KindlingError, match="exportOnnx must get the path of a new file"):
        fitted.exportOnnx(path)


SCHEMA = "age int, city string, income double, bought string"


@pytest.fixture(scope="module")
def buyers(spark):
    """Raw rows of each type, the last of which no stage was fitted to."""
    towns = ["Rome", "Oslo", "Lima"]
    rows = [(20 + i * 7 % 50, towns[i % 3], 2.0 * (i * 7 % 50), "yes" if i % 3 == 1 else "no") for i in range(90)]
    rows += [(None, "Rome", 40.0, "yes"), (31, "Bern", None, "no"), (None, None, None, "no")]
    return spark.createDataFrame(rows, SCHEMA)


@pytest.fixture(scope="module")
def of_buyers(buyers):
    stages = [
        StringIndexer(inputCol="bought", outputCol="label"),
        StringIndexer(inputCol="city", outputCol="town", handleInvalid="keep"),
        OneHotEncoder(inputCol="town", outputCol="towns"),
        Imputer(inputCols=["age", "income"], outputCols=["years", "money"]),
        VectorAssembler(inputCols=["years", "money", "towns"], outputCol="assembled"),
        StandardScaler(inputCol="assembled", outputCol="features", withMean=True),
        kindling.MlpClassifier(hiddenLayers=[6], maxIter=5, members=1, seed=1),
        IndexToString(inputCol="prediction", outputCol="answer", labels=["no", "yes"]),
    ]
    return Pipeline(stages=stages).fit(buyers.limit(90))


@pytest.mark.parametrize("types", [lambda rows: rows.schema, lambda rows: SCHEMA])
def test_onnx_runtime_scores_a_pipelines_raw_rows(of_buyers, buyers, tmp_path, types):
    path = str(tmp_path / "pipeline.onnx")
    kindling.exportOnnx(of_buyers, types(buyers), path)
    session = onnxruntime.InferenceSession(path)
    assert {each.name for each in session.get_inputs()} == {"age", "city", "income"}
    rows = of_buyers.transform(buyers).collect()
    inputs = {name: np.array([[row[name]] for row in rows], float) for name in ("age", "income")}  # None is NaN
    inputs["city"] = np.array([[row.city or ""] for row in rows], object)
    label, probabilities = session.run(["label", "probabilities"], inputs)
    np.testing.assert_allclose(probabilities, [row.probability.toArray() for row in rows], atol=1e-5)
    assert list(label) == [row.answer for row in rows]


def test_a_pipeline_that_onnx_cannot_tell_is_refused(spark, of_buyers, fitted, flowers, tmp_path):
    path = str(tmp_path / "pipeline.onnx")
    stages = [Binarizer(inputCol="x", outputCol="y", threshold=0.5), VectorAssembler(inputCols=["y"], outputCol="features")]
    rows = spark.createDataFrame([(i / 10, float(i > 5)) for i in range(10)], "x double, label double")
    stages.append(kindling.MlpRegressor(hiddenLayers=[], maxIter=1, members=1))
    of_binarized = Pipeline(stages=stages).fit(rows)
    for pipeline, schema, sentence in [
        (of_binarized, rows.schema, "Binarizer"),
        (of_buyers, "age int, city strin", "the schema must be written as SQL does"),
        (of_buyers, "age int", 'types of all columns .* must be given, but that of "(city|income)" is not'),
        (of_buyers, 3, "the schema must be a StructType or text, but is a int"),
        (fitted, flowers.schema, "must be a fitted PipelineModel, but is a MlpClassificationModel"),
        (PipelineModel([OfPython()]), rows.schema, "but one is a OfPython"),
    ]:
        with pytest.raises(kindling.KindlingError, match=sentence):
            kindling.exportOnnx(pipeline, schema, path)
    kindling.exportOnnx(of_buyers, SCHEMA, path)
    with pytest.raises(kindling.KindlingError, match="exportOnnx must get the path of a new file"):
        kindling.exportOnnx(of_buyers, SCHEMA, path)


class OfPython(Transformer):
    """A stage that Java does not know."""

    def _transform(self, dataset):
        return dataset


def test_numpy_reads_the_weights(fitted, tmp_path):
    path = str(tmp_path / "model.safetensors")
    fitted.exportSafetensors(path)
    tensors = load_file(path)
    assert set(tensors) == set(fitted.weights)
    for name, values in fitted.weights.items():
        np.testing.assert_array_equal(tensors[name].reshape(values.shape), values)
    with pytest.raises(kindling.KindlingError, match="exportSafetensors must get the path of a new file"):
        fitted.exportSafetensors(path)


@pytest.mark.parametrize("name", ["plain", "normalized", "named", "deep", "half", "double"])  # NumPy has no bfloat16
def test_a_pytorch_module_computes_the_same(spark, name):
    case, file = CASES[name], PYTORCH / f"{name}.safetensors"
    of_file = kindling.MlpClassificationModel.fromPyTorch(file, case["layers"], *case["modules"])
    of_state = kindling.MlpRegressionModel.fromPyTorch(load_file(file), case["layers"], *case["modules"])
    for row, outputs in zip(case["rows"], case["outputs"]):
        raw = of_file.predictRaw(Vectors.dense(row))
        assert raw[len(raw) - 1] == pytest.approx(outputs[-1], abs=2e-6)
        assert of_state.predict(Vectors.dense(row)) == pytest.approx(outputs[0], abs=2e-6)


def test_a_module_itself_is_taken_saved_and_loaded(spark, tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    module = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5), torch.nn.ReLU(), torch.nn.Linear(5, 2))
    inputs = torch.randn(20, 3)
    module(inputs)  # moves the running averages
    module.eval()
    model = kindling.MlpClassificationModel.fromPyTorch(module, "dense(5) batchNorm relu dense(2)")
    model.save(str(tmp_path / "model"))
    rows = spark.createDataFrame([(Vectors.dense(row),) for row in inputs.tolist()], ["features"])
    scored = kindling.MlpClassificationModel.load(str(tmp_path / "model")).transform(rows)
    expected = torch.softmax(module(inputs), 1).detach().numpy()
    np.testing.assert_allclose([row.probability.toArray() for row in scored.collect()], expected, atol=2e-6)
    brain = kindling.MlpClassificationModel.fromPyTorch(module.bfloat16(), "dense(5) batchNorm relu dense(2)")
    np.testing.assert_array_equal(brain.weights["dense1.weight"], module[0].weight.detach().float().numpy().T)


def test_other_tensors_are_refused(spark, tmp_path):
    state = {"0.weight": np.ones((2, 3)), "0.bias": np.zeros(2), "0.num_batches_tracked": np.array(1)}
    load = kindling.MlpClassificationModel.fromPyTorch
    assert load(state, "dense(2)").numClasses == 2
    with pytest.raises(kindling.KindlingError, match=r"must have the shape \[4, 3\] in tensor 0.weight for dense1.weight"):
        load(state, "dense(4)")
    with pytest.raises(kindling.KindlingError, match="there is no file"):
        load(str(tmp_path / "nothing"), "dense(2)")
    with pytest.raises(kindling.KindlingError, match=r"must be a module, its state_dict or the path .* but are a int"):
        load(3, "dense(2)")
