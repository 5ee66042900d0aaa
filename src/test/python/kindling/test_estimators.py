"""Estimators and models as PySpark users know them."""

import pickle

import numpy as np
import pytest
from conftest import scored_by_a_stream
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import OneVsRest
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder, TrainValidationSplit

import kindling


def same_weights(one, other):
    assert list(one.weights) == list(other.weights)
    for name, values in one.weights.items():
        np.testing.assert_array_equal(values, other.weights[name])


def test_a_model_learns_and_tells_of_its_fit(fitted, flowers):
    evaluation = fitted.evaluate(flowers)
    assert evaluation.accuracy > 0.95
    assert evaluation.confusion.sum() == evaluation.rows == 180
    assert len(evaluation.classes) == fitted.numClasses == 3
    assert fitted.numFeatures == 2
    assert fitted.weights["dense1.weight"].shape == (2, 8)
    assert sum(each.size for each in fitted.weights.values()) == fitted.numParameters
    summary = fitted.summary
    assert len(summary.history) == 15
    assert summary.rows + summary.validationRows == 180
    frame = summary.toPandas()
    assert frame.loc[1, "trainingLoss"] > frame.loc[15, "trainingLoss"]
    assert summary.toDF().count() == 15
    assert "<table>" in summary._repr_html_()


def test_evaluation_agrees_with_sparks_evaluator(fitted, flowers):
    scored = fitted.transform(flowers)
    own = fitted.evaluate(flowers)
    for name in ("accuracy", "f1", "logLoss"):
        theirs = MulticlassClassificationEvaluator(metricName=name).evaluate(scored)
        assert getattr(own, name) == pytest.approx(theirs, abs=1e-6)


def test_predictions_of_one_row_are_those_of_transform(fitted, flowers):
    row = fitted.transform(flowers).first()
    assert fitted.predict(row.features) == row.prediction
    assert fitted.predictRaw(row.features) == row.rawPrediction
    assert fitted.predictProbability(row.features) == row.probability


def test_params_are_set_by_keyword_by_setter_and_by_map(spark, classifier, flowers):
    assert kindling.MlpClassifier(batchSize=7).getBatchSize() == 7
    assert kindling.MlpClassifier().setBatchSize(7).getBatchSize() == 7
    assert kindling.MlpClassifier().setParams(batchSize=7, seed=2).getSeed() == 2
    assert classifier.fit(flowers, {classifier.maxIter: 2}).summary.history[-1].epoch == 2
    assert classifier.getMaxIter() == 15
    with pytest.raises(TypeError):
        kindling.MlpClassifier(7)
    with pytest.raises(kindling.KindlingError, match="no param epochs"):
        kindling.MlpClassifier().setParams(epochs=3)


def test_defaults_are_javas_and_a_preset_changes_them(spark):
    mlp = kindling.MlpClassifier()
    java = mlp._java_obj
    for preset in ("default", "realmlp", "fast", "spark", "none"):
        mlp.setPreset(preset)
        java.setPreset(preset)
        for param in mlp.params:
            java_param = java.getParam(param.name)
            assert mlp.hasDefault(param) == java.hasDefault(java_param), param.name
            if mlp.hasDefault(param):
                value = java.getDefault(java_param).get()
                plain = value if isinstance(value, (str, int, float)) else list(value)
                assert mlp.getOrDefault(param) == plain or param.name == "preset", param.name


def test_whole_numbers_are_taken_where_java_wants_doubles(spark):
    mlp = kindling.MlpClassifier(stepSize=1, hiddenLayers=(16, 8.0))
    assert mlp.getStepSize() == 1.0
    assert mlp.getHiddenLayers() == [16, 8]


def test_specs_are_canonical_and_class_weights_may_be_a_dict(spark):
    mlp = kindling.MlpClassifier(optimizer="adam( beta1 = 0.8 )", classWeights={1: 5, 0: 1.5})
    assert mlp.getOptimizer().startswith("adam(beta1=0.8")
    assert mlp.getClassWeights() == "byClass([0 1], [1.5 5])"


def test_copies_and_pickled_params_keep_their_values(classifier):
    copied = classifier.copy({classifier.batchSize: 9})
    assert copied.getBatchSize() == 9 and copied.uid == classifier.uid
    assert classifier.getBatchSize() == 32
    param = pickle.loads(pickle.dumps(classifier.batchSize))
    assert param == classifier.batchSize and param.typeConverter(3.0) == 3


def test_what_is_saved_is_loaded(classifier, fitted, flowers, tmp_path):
    classifier.save(str(tmp_path / "estimator"))
    assert kindling.MlpClassifier.load(str(tmp_path / "estimator")).extractParamMap() == classifier.extractParamMap()
    fitted.save(str(tmp_path / "model"))
    loaded = kindling.MlpClassificationModel.load(str(tmp_path / "model"))
    same_weights(fitted, loaded)
    assert loaded.getSeed() == 3
    assert not loaded.hasSummary
    with pytest.raises(kindling.KindlingError, match="was loaded"):
        _ = loaded.summary
    assert [r.prediction for r in loaded.transform(flowers).collect()] == [
        r.prediction for r in fitted.transform(flowers).collect()
    ]


def test_a_pipeline_of_a_raw_table_is_saved_and_loaded(people, tmp_path):
    pipeline = Pipeline(
        stages=[
            StringIndexer(inputCol="city", outputCol="town"),
            kindling.TableVectorizer(labelCol="label", dropCols=["city", "income"]),
            kindling.MlpClassifier(hiddenLayers=[4], maxIter=3, members=1),
        ]
    )
    pipeline.save(str(tmp_path / "pipeline"))
    model = Pipeline.load(str(tmp_path / "pipeline")).fit(people)
    model.save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert isinstance(loaded.stages[2], kindling.MlpClassificationModel)
    assert {each.column: each.kind for each in loaded.stages[1].decisions}["age"] == "number"
    same_weights(model.stages[2], loaded.stages[2])
    assert loaded.stages[1].describe().where("kind = 'number'").count() >= 1
    assert loaded.transform(people).select("prediction").distinct().count() >= 1


def test_a_table_needs_no_pipeline(people, tmp_path):
    vectorizer = kindling.TableVectorizer(scale="robust")
    mlp = kindling.MlpRegressor(
        labelCol="income", featuresCols=["age", "city"], vectorizer=vectorizer, hiddenLayers=[8], maxIter=5, members=1
    )
    model = mlp.fit(people)
    assert [each.column for each in model.getVectorizerModel().decisions] == ["age", "city"]
    model.save(str(tmp_path / "model"))
    loaded = kindling.MlpRegressionModel.load(str(tmp_path / "model"))
    assert loaded.evaluate(people) == model.evaluate(people)
    assert loaded.getVectorizer().getScale() == "robust"


def test_cross_validation_and_its_kin_tune_specs(classifier, flowers, tmp_path):
    grid = ParamGridBuilder().addGrid(classifier.optimizer, ["adam", "sgd"]).addGrid(classifier.hiddenLayers, [[4], [8]]).build()
    evaluator = MulticlassClassificationEvaluator()
    quick = classifier.copy({classifier.maxIter: 4})
    search = CrossValidator(estimator=quick, estimatorParamMaps=grid, evaluator=evaluator, numFolds=2)
    fitted = search.fit(flowers)
    assert len(fitted.avgMetrics) == 4
    search.save(str(tmp_path / "search"))
    again = CrossValidator.load(str(tmp_path / "search"))
    assert again.getEstimatorParamMaps() == grid
    assert again.getEstimator().extractParamMap() == quick.extractParamMap()
    fitted.save(str(tmp_path / "cv"))
    loaded = CrossValidatorModel.load(str(tmp_path / "cv"))
    assert loaded.avgMetrics == pytest.approx(fitted.avgMetrics)
    same_weights(loaded.bestModel, fitted.bestModel)
    split = TrainValidationSplit(estimator=quick, estimatorParamMaps=grid[:2], evaluator=evaluator).fit(flowers)
    assert len(split.validationMetrics) == 2


def test_one_against_the_rest(classifier, flowers):
    model = OneVsRest(classifier=classifier.copy({classifier.maxIter: 5})).fit(flowers)
    scored = model.transform(flowers.coalesce(1))  # Spark 3.5 starts a Python for each class and partition
    assert MulticlassClassificationEvaluator(metricName="accuracy").evaluate(scored) > 0.8


def test_thresholds_change_predictions(fitted, flowers):
    always = fitted.copy().setThresholds([1e-9, 1.0, 1.0])
    assert always.predict(flowers.first().features) == 0  # before any transform
    assert always.evaluate(flowers).confusion[:, 0].sum() == 180
    always.clear(always.thresholds)
    rows = flowers.limit(9).collect()
    assert [always.predict(row.features) for row in rows] == [fitted.predict(row.features) for row in rows]


def test_a_warm_start_begins_where_the_model_ended(fitted, flowers):
    same = kindling.MlpClassifier(maxIter=1, stepSize=1e-30, validationFraction=0.0, numShards=2).setInitialModel(fitted)
    assert same.getClassCount() == 3
    again = same.fit(flowers)
    assert not again.isSet(again.initialWeights)
    assert [r.prediction for r in again.transform(flowers).collect()] == [
        r.prediction for r in fitted.transform(flowers).collect()
    ]


def test_streams_are_scored(spark, fitted, flowers, tmp_path):
    scored = {row.features: row.prediction for row in fitted.transform(flowers).collect()}
    assert scored_by_a_stream(spark, fitted, flowers, tmp_path) == scored


def test_importance_names_the_columns(people):
    model = kindling.MlpRegressor(
        labelCol="income", featuresCols=["age", "city"], hiddenLayers=[], maxIter=30, stepSize=0.1, members=1
    ).fit(people)
    importance = model.permutationImportance(people, repeats=2, seed=1)
    assert importance[0].name == "age" and importance[0].mean > importance[1].mean
