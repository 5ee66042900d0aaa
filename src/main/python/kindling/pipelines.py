"""Fitted pipelines of Spark's stages leave Spark."""

from __future__ import annotations

from typing import Union

from pyspark.ml import PipelineModel
from pyspark.sql.types import StructType

from kindling._stage import classic, java_class
from kindling.errors import KindlingError, sentences


def exportOnnx(pipeline: PipelineModel, schema: Union[StructType, str], path: str) -> None:
    """Writes a fitted pipeline as a graph of ONNX that takes its raw columns, an input each.

    A model of Kindling's stands last, or before an ``IndexToString`` of its predictions; before it may stand Spark's
    StringIndexer, OneHotEncoder, VectorAssembler, VectorSizeHint, StandardScaler, MinMaxScaler, Imputer and PCA, and a table
    vectorizer. Labels are the texts of the ``IndexToString`` or of the label's indexer, else class indices. A row that the
    pipeline refuses, or would skip, has no numbers.

    Parameters
    ----------
    schema
        the raw columns and their types, such as the ``schema`` of the training rows, or as SQL writes them:
        ``"age int, town string"``
    path
        of a new file, in any file system of Hadoop

    Raises
    ------
    KindlingError
        where there is such a file, or the graph cannot be written in ONNX

    Examples
    --------
    >>> import kindling, os, tempfile
    >>> from pyspark.ml import Pipeline
    >>> from pyspark.ml.feature import VectorAssembler
    >>> spark = kindling.session()
    >>> train = spark.createDataFrame([(x / 20, 1.0 + x, 3.0 * x) for x in range(20)], "x double, y double, label double")
    >>> stages = [VectorAssembler(inputCols=["x", "y"], outputCol="features"), kindling.MlpRegressor(maxIter=3, members=1)]
    >>> path = os.path.join(tempfile.mkdtemp(), "model.onnx")
    >>> kindling.exportOnnx(Pipeline(stages=stages).fit(train), train.schema, path)
    >>> os.path.getsize(path) > 0
    True
    """
    classic("exportOnnx")
    if not isinstance(pipeline, PipelineModel):
        raise KindlingError(f"the pipeline must be a fitted PipelineModel, but is a {type(pipeline).__name__}")
    if not isinstance(schema, (StructType, str)):
        raise KindlingError(f"the schema must be a StructType or text, but is a {type(schema).__name__}")
    for stage in pipeline.stages:
        if not hasattr(stage, "_to_java"):
            raise KindlingError(f"each stage must be Spark's or Kindling's to be written, but one is a {type(stage).__name__}")
    types = schema if isinstance(schema, str) else schema.json()
    with sentences():
        java_class("dev.kindling.python.Pipelines").exportOnnx(pipeline._to_java(), types, path)
