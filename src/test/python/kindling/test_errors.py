"""Errors are one sentence of Python's."""

import traceback

import pytest

import kindling


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"optimizer": "adm"}, "adam"),
        ({"batchSize": -1}, "batchSize"),
        ({"batchSize": "many"}, "batchSize"),
        ({"preset": "deafult"}, "preset must be one of default"),
        ({"monitor": "rmse"}, "accuracy"),
        ({"vectorizer": 3}, "vectorizer"),
    ],
)
def test_a_wrong_value_is_refused_when_it_is_set(spark, values, sentence):
    with pytest.raises(kindling.KindlingError, match=sentence) as caught:
        kindling.MlpClassifier(**values)
    told = "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    assert "java." not in told and "\tat " not in told
    assert isinstance(caught.value, ValueError)


def test_rows_that_cannot_be_trained_on_are_refused_in_a_sentence(spark, classifier):
    table = spark.createDataFrame([(0.0, -1.0), (1.0, 0.0)], "x double, label double")
    with pytest.raises(kindling.KindlingError, match=r'label column "label" must hold class indices') as caught:
        classifier.setFeaturesCols(["x"]).fit(table)
    assert "\n" not in str(caught.value)


def test_a_missing_column_is_a_sentence(classifier, flowers):
    with pytest.raises(kindling.KindlingError, match="featurs"):
        classifier.setFeaturesCol("featurs").fit(flowers)


def test_a_folder_without_a_model_is_a_sentence(spark, tmp_path):
    with pytest.raises(kindling.KindlingError):
        kindling.MlpClassificationModel.load(str(tmp_path / "nothing"))


def test_rows_found_by_an_action_are_a_sentence_within_sentences(spark, fitted):
    from pyspark.ml.linalg import Vectors

    scored = fitted.transform(spark.createDataFrame([(Vectors.dense(float("nan"), 1.0),)], ["features"]))
    with pytest.raises(kindling.KindlingError, match="NaN"), kindling.errors.sentences():
        scored.collect()


def test_rows_of_pandas_are_refused(classifier, fitted):
    rows = pytest.importorskip("pandas").DataFrame({"features": [1.0], "label": [0.0]})
    trains = (classifier.fit, classifier.check, classifier.learningRateRange, kindling.TableVectorizer().fit)
    for ask in (*trains, fitted.transform, fitted.evaluate):
        with pytest.raises(kindling.KindlingError, match=r"must be a Spark DataFrame, but are a pandas.DataFrame"):
            ask(rows)


def test_one_row_may_be_a_list(fitted):
    from pyspark.ml.linalg import Vectors

    assert fitted.predict([0.5, 2.5]) == fitted.predict(Vectors.dense(0.5, 2.5)) == 2
    with pytest.raises(kindling.KindlingError, match="must be a vector or a list of numbers"):
        fitted.predict("0.5, 2.5")
    with pytest.raises(kindling.KindlingError, match="takes vectors of 2 values, but one has 1"):
        fitted.predict([0.5])


def test_thresholds_are_one_for_each_class(fitted, flowers):
    with pytest.raises(kindling.KindlingError, match="must be one for each of the 3 classes, but are 2"):
        fitted.copy().setThresholds([0.5, 0.5]).transform(flowers)


def test_a_file_that_cannot_be_written_is_a_sentence(fitted):
    with pytest.raises(kindling.KindlingError, match="reading or writing failed: ") as caught:
        fitted.exportOnnx("/proc/nothing/model.onnx")
    assert "\n" not in str(caught.value)


def test_a_model_of_vectors_has_no_vectorizer(fitted):
    with pytest.raises(kindling.KindlingError, match="was fitted to a column of vectors"):
        fitted.getVectorizerModel()


def test_an_error_of_a_listener_is_pythons_own(classifier, flowers):
    class Broken(kindling.TrainListener):
        def ended(self, epoch):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        classifier.setListener(Broken()).fit(flowers)


def test_no_listener_but_ours_is_taken(classifier):
    with pytest.raises(kindling.KindlingError, match=r"must be a kindling.TrainListener, but is a int"):
        classifier.setListener(3)
