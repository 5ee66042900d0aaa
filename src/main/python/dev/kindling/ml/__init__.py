"""Where PySpark looks for the Python side of Java's package of this name; import :mod:`kindling` instead."""

from kindling import MlpClassificationModel, MlpClassifier, MlpRegressionModel, MlpRegressor

__all__ = ["MlpClassificationModel", "MlpClassifier", "MlpRegressionModel", "MlpRegressor"]
