"""One session for all tests, in two threads of this machine."""

import os

import pytest

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")


@pytest.fixture(scope="session")
def spark():
    import kindling

    started = kindling.session(
        master="local[2]",
        conf={
            "spark.ui.enabled": False,
            "spark.sql.shuffle.partitions": 2,
            "spark.kindling.planSeconds": 3,
            "spark.sql.codegen.wholeStage": False,  # compiling costs more than these few rows
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        },
    )
    started.sparkContext.setLogLevel("ERROR")
    yield started
    started.stop()


def flower_rows():
    """Features and labels of three separable classes of 60 rows."""
    from pyspark.ml.linalg import Vectors

    rows = []
    for i in range(180):
        label = i % 3
        x, y = (i * 37 % 101) / 101, (i * 53 % 97) / 97
        rows.append((Vectors.dense(x + 2 * (label == 1), y + 2 * (label == 2)), float(label)))
    return rows


@pytest.fixture(scope="session")
def flowers(spark):
    return spark.createDataFrame(flower_rows(), ["features", "label"]).cache()


@pytest.fixture(scope="session")
def people(spark):
    """A raw table with numbers, texts and gaps."""
    rows = []
    for i in range(120):
        age = None if i % 17 == 0 else float(20 + i * 7 % 50)
        city = ["Rome", "Oslo", "Lima"][i % 3]
        rows.append((age, city, float(i % 3 == 1), 2.0 * (i * 7 % 50) + (i % 3)))
    return spark.createDataFrame(rows, "age double, city string, label double, income double").cache()


def scored_by_a_stream(spark, model, rows, folder):
    """Features and predictions that a stream of these rows gets."""
    rows.repartition(1).write.parquet(str(folder / "in"))
    stream = model.transform(spark.readStream.schema(rows.schema).parquet(str(folder / "in")))
    query = stream.writeStream.format("memory").queryName("scored").start()
    query.processAllAvailable()
    query.stop()
    return {row.features: row.prediction for row in spark.table("scored").collect()}


def quick_classifier():
    """One small network."""
    import kindling

    return kindling.MlpClassifier(hiddenLayers=[8], maxIter=15, batchSize=32, stepSize=0.02, members=1, seed=3, numShards=2)


HOUSES = [(i * 37 % 101 / 10, "ab"[i % 2], (i * 53 % 97) + 5.0 * (i % 2)) for i in range(150)]  # size, kind, price


def house_command(folder, model):
    """The words of a command line that trains on these, in Parquet."""
    words = ["train", "--train", folder, "--format", "parquet", "--label", "price", "--task", "regression"]
    words += ["--hidden", "6", "--epochs", "4", "--batch-size", "32", "--members", "1", "--shards", "2", "--seed", "7"]
    return [*words, "--model", model]


def house_regressor():
    """What the command trains."""
    import kindling

    mlp = kindling.MlpRegressor(labelCol="price", featuresCols=["size", "kind"], hiddenLayers=[6], maxIter=4, batchSize=32)
    return mlp.setMembers(1).setNumShards(2).setSeed(7)


@pytest.fixture
def classifier(spark):
    return quick_classifier()


@pytest.fixture(scope="session")
def fitted(flowers):
    """The quick classifier's model. Tests that change its params copy it."""
    return quick_classifier().fit(flowers)
