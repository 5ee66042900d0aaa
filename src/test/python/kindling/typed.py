"""A program of a user's, for mypy: what fits and models return is known. It is not run."""

from pyspark.sql import DataFrame
from typing_extensions import assert_type

import kindling


def classify(rows: DataFrame) -> None:
    mlp = kindling.MlpClassifier(featuresCols=["age", "city"], hiddenLayers=[8], classWeights={0: 1.0, 1: 5.0})
    assert_type(mlp, kindling.MlpClassifier)
    assert_type(mlp.setMaxIter(3), kindling.MlpClassifier)
    model = mlp.fit(rows)
    assert_type(model, kindling.MlpClassificationModel)
    assert_type(model.transform(rows), DataFrame)
    assert_type(model.evaluate(rows), kindling.ClassificationEvaluation)
    assert_type(list(model.weights), list[str])
    assert_type(model.summary.history[0].trainingLoss, float)
    assert_type(kindling.MlpClassificationModel.load("model"), kindling.MlpClassificationModel)
    assert_type(kindling.MlpSearch(mlp).run(rows).best.epochs, int)


def regress(rows: DataFrame) -> None:
    model = kindling.MlpRegressor(vectorizer=kindling.TableVectorizer(scale="robust")).fit(rows)
    assert_type(model, kindling.MlpRegressionModel)
    assert_type(model.evaluate(rows).r2, float)
    assert_type(kindling.TableVectorizer().fit(rows), kindling.TableVectorizerModel)
