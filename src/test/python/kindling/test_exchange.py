"""Models leave for SQL, ONNX and safetensors, and come from PyTorch."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
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
