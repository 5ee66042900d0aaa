"""Kindling: multi-layer perceptrons, trained data-parallel on Apache Spark.

>>> import kindling
>>> spark = kindling.session()
>>> mlp = kindling.MlpClassifier(hiddenLayers=[64, 32], maxIter=10)
>>> mlp.getHiddenLayers()
[64, 32]
"""

from __future__ import annotations

import sys

from kindling import errors
from kindling._job_jar import jars
from kindling._session import session, settings
from kindling.errors import KindlingError
from kindling.estimators import MlpClassificationModel, MlpClassifier, MlpRegressionModel, MlpRegressor, register
from kindling.listeners import Epoch, Progress, TensorBoard, TrainingReport, TrainListener
from kindling.pipelines import exportOnnx
from kindling.results import (
    Checkup,
    ClassFigures,
    ClassificationEvaluation,
    FeatureImportance,
    Finding,
    LearningRateRange,
    RegressionEvaluation,
    ReliabilityPoint,
    ScalePlan,
    TrainingSummary,
)
from kindling.search import MlpSearch, RandomParamGrid, SearchResult, Trial
from kindling.table import ColumnDecision, TableVectorizer, TableVectorizerModel

__all__ = [
    "Checkup",
    "ClassFigures",
    "ClassificationEvaluation",
    "ColumnDecision",
    "Epoch",
    "FeatureImportance",
    "Finding",
    "KindlingError",
    "LearningRateRange",
    "MlpClassificationModel",
    "MlpClassifier",
    "MlpRegressionModel",
    "MlpRegressor",
    "MlpSearch",
    "Progress",
    "RandomParamGrid",
    "RegressionEvaluation",
    "ReliabilityPoint",
    "ScalePlan",
    "SearchResult",
    "TableVectorizer",
    "TableVectorizerModel",
    "TensorBoard",
    "TrainListener",
    "TrainingReport",
    "TrainingSummary",
    "Trial",
    "errors",
    "exportOnnx",
    "jars",
    "register",
    "session",
    "settings",
]

# PySpark finds a stage's Python class by its Java class's name. The folder dev/ in the wheel serves those who do not import
# this package; these entries also hold where a package of the user's is called dev.
for _package in ("dev.kindling.ml", "dev.kindling.table"):
    sys.modules.setdefault(_package, sys.modules[__name__])
