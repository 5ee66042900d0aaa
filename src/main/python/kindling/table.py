"""Raw columns to a vector of features."""

from __future__ import annotations

from typing import Any, NamedTuple

from pyspark.ml.wrapper import JavaEstimator
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.utils import is_remote

from kindling import _params
from kindling._stage import FittedStage, Stage, classic, require_rows
from kindling.errors import sentences


class ColumnDecision(NamedTuple):
    """What a table vectorizer decided about a column: its kind, its features in words and their number, the number of
    training rows without a value, what a missing value becomes, and why."""

    column: str
    kind: str
    encoded: str
    features: int
    missing: int
    filled: str
    reason: str


class TableVectorizerModel(_params.VectorizerModelParams, _params.VectorizerModelSetters, FittedStage):
    """What a :class:`TableVectorizer` learned of a table: turns rows like those into vectors of features."""

    __module__ = "dev.kindling.table"
    _java_name = "dev.kindling.table.TableVectorizerModel"
    _defaults = _params.DEFAULTS["TableVectorizerModel"]

    def getInputCols(self) -> list[str]:
        """The columns that features are made of. It is no param."""
        classic("getInputCols")
        return list(self._java_obj.inputCols())

    @property
    def decisions(self) -> list[ColumnDecision]:
        """What was decided about each column, in the table's order."""
        classic("decisions")
        return [
            ColumnDecision(
                each.column(),
                each.kind().toString(),
                each.encoded(),
                each.features(),
                each.missing(),
                each.filled(),
                each.reason(),
            )
            for each in self._java_obj.decisions()
        ]

    def describe(self) -> DataFrame:
        """The decisions as a DataFrame: column, kind, encoded, features, missing, filled, reason."""
        schema = "column string, kind string, encoded string, features int, missing bigint, filled string, reason string"
        return SparkSession.active().createDataFrame([tuple(each) for each in self.decisions], schema)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        require_rows(dataset)
        with sentences():
            return super()._transform(dataset)


class TableVectorizer(_params.VectorizerInit, Stage, JavaEstimator[TableVectorizerModel]):
    """Turns the columns of a raw table into one vector of features.

    Numbers are scaled and their gaps filled, texts become categories, dates become parts of the calendar, identifiers and
    constant columns are left out. It decides by the values what each column holds; :meth:`TableVectorizerModel.describe` tells
    what and why, and the params that name columns overrule it.

    Examples
    --------
    >>> import kindling
    >>> spark = kindling.session()
    >>> rows = [(25.0, "Rome", 0.0), (40.0, "Oslo", 1.0), (31.0, "Rome", 0.0), (58.0, "Oslo", 1.0)]
    >>> table = spark.createDataFrame(rows, "age double, city string, label double")
    >>> model = kindling.TableVectorizer(labelCol="label").fit(table)
    >>> [(each.column, each.kind) for each in model.decisions]
    [('age', 'number'), ('city', 'category')]
    """

    __module__ = "dev.kindling.table"
    _java_name = "dev.kindling.table.TableVectorizer"
    _defaults = _params.DEFAULTS["TableVectorizer"]

    def _create_model(self, java_model: Any) -> TableVectorizerModel:
        return TableVectorizerModel(java_model)

    def _fit(self, dataset: DataFrame) -> TableVectorizerModel:
        require_rows(dataset)
        with sentences():
            if is_remote():
                return super()._fit(dataset)
            return self._create_model(self._fit_java(dataset))
