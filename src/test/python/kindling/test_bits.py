"""Python, Java and the command line train the same bits, and read each other's models."""

import numpy as np
from pyspark.ml import PipelineModel

import kindling


def bits(model):
    return np.concatenate([each.ravel() for each in model.weights.values()]).tobytes()


def test_java_trains_the_same_bits(spark, fitted, flowers):
    jvm, gateway = spark.sparkContext._jvm, spark.sparkContext._gateway
    widths = gateway.new_array(gateway.jvm.int, 1)
    widths[0] = 8
    java = jvm.dev.kindling.ml.MlpClassifier().setHiddenLayers(widths).setMaxIter(15).setBatchSize(32).setStepSize(0.02)
    trained = java.setMembers(1).setSeed(3).setNumShards(2).fit(flowers._jdf)
    theirs = kindling.MlpClassificationModel(trained)
    assert bits(fitted) == bits(theirs)
    assert theirs.getHiddenLayers() == [8]


def test_the_command_line_trains_the_same_bits_and_its_model_is_read(spark, tmp_path):
    rows = [(i * 37 % 101 / 10, "ab"[i % 2], (i * 53 % 97) + 5.0 * (i % 2)) for i in range(150)]
    table = spark.createDataFrame(rows, "size double, kind string, price double")
    table.coalesce(1).write.parquet(str(tmp_path / "rows"))
    words = ["train", "--train", str(tmp_path / "rows"), "--format", "parquet", "--label", "price", "--task", "regression"]
    words += ["--hidden", "6", "--epochs", "4", "--batch-size", "32", "--members", "1", "--shards", "2", "--seed", "7"]
    words += ["--model", str(tmp_path / "model")]
    assert command(spark, words) == 0
    pipeline = PipelineModel.load(str(tmp_path / "model"))
    saved = pipeline.stages[-1]
    assert isinstance(saved, kindling.MlpRegressionModel)
    mlp = kindling.MlpRegressor(labelCol="price", featuresCols=["size", "kind"], hiddenLayers=[6], maxIter=4, batchSize=32)
    mine = mlp.setMembers(1).setNumShards(2).setSeed(7).fit(spark.read.parquet(str(tmp_path / "rows")))
    assert bits(mine) == bits(saved)


def command(spark, words):
    """Runs a command in this JVM, as Java's tests do."""
    gateway = spark.sparkContext._gateway
    array = gateway.new_array(gateway.jvm.java.lang.String, len(words))
    for i, word in enumerate(words):
        array[i] = word
    return spark.sparkContext._jvm.dev.kindling.job.Main.commandLine().execute(array)
