"""Python, Java and the command line train the same bits, and read each other's models."""

import numpy as np
from conftest import HOUSES, house_command, house_regressor
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame

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


def test_java_reads_what_python_saved(spark, fitted, flowers, tmp_path):
    PipelineModel([fitted]).save(str(tmp_path / "model"))
    java = spark.sparkContext._jvm.org.apache.spark.ml.PipelineModel.load(str(tmp_path / "model"))
    scored = DataFrame(java.transform(flowers._jdf), spark)
    assert scored.select("probability").collect() == fitted.transform(flowers).select("probability").collect()


def test_the_command_line_trains_the_same_bits_and_its_model_is_read(spark, tmp_path):
    folder, model = str(tmp_path / "rows"), str(tmp_path / "model")
    spark.createDataFrame(HOUSES, "size double, kind string, price double").coalesce(1).write.parquet(folder)
    words = house_command(folder, model)
    assert command(spark, words) == 0
    pipeline = PipelineModel.load(model)
    saved = pipeline.stages[-1]
    assert isinstance(saved, kindling.MlpRegressionModel)
    mine = house_regressor().fit(spark.read.parquet(folder))
    assert bits(mine) == bits(saved)


def command(spark, words):
    """Runs a command in this JVM, as Java's tests do."""
    gateway = spark.sparkContext._gateway
    array = gateway.new_array(gateway.jvm.java.lang.String, len(words))
    for i, word in enumerate(words):
        array[i] = word
    return spark.sparkContext._jvm.dev.kindling.job.Main.commandLine().execute(array)
