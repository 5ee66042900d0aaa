"""Multi-layer perceptrons as PySpark estimators, and their models."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Optional, TypeVar

import numpy as np
from pyspark.ml import PredictionModel, Predictor
from pyspark.ml.linalg import DenseVector, Vector
from pyspark.ml.param import TypeConverters
from pyspark.ml.param.shared import (
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
    HasWeightCol,
)
from pyspark.ml.wrapper import JavaEstimator
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.utils import is_remote

from kindling import _params, _state_dict
from kindling._stage import FittedStage, Stage, classic, java_array, java_class, java_session, require_rows
from kindling.errors import KindlingError, sentences
from kindling.listeners import TrainListener, java_listener
from kindling.results import (
    Checkup,
    ClassificationEvaluation,
    FeatureImportance,
    LearningRateRange,
    RegressionEvaluation,
    ScalePlan,
    TrainingSummary,
)
from kindling.table import TableVectorizerModel

E = TypeVar("E", bound="MlpEstimator[Any]")
M = TypeVar("M", bound="MlpModel")


def register(spark: SparkSession, name: str, path: str) -> None:
    """Makes a model that was saved a function of SQL, as :meth:`MlpModel.register` does of a fitted one. Its labels are those of
    the data.

    Parameters
    ----------
    name
        the function's, for queries and streams of the session
    path
        a folder that ``kindling train`` saved, or a file that ``exportSafetensors`` wrote

    Raises
    ------
    KindlingError
        where there is no such model
    """
    classic("register")
    with sentences():
        java_class("dev.kindling.python.SavedModels").register(java_session(spark), name, path)


class MlpModel(_params.MlpParams, FittedStage, PredictionModel, HasWeightCol):
    """What the models of both estimators share."""

    def _told(self, output: str, dataset: Optional[DataFrame] = None) -> list[Row]:
        """What ``transform`` returns with that ``output``: rows that tell of the model, through Spark Connect too."""
        if dataset is not None:
            require_rows(dataset)
        with sentences():
            asked = self.copy({self.output: output})
            return asked.transform(SparkSession.active().range(0) if dataset is None else dataset).collect()

    def _fact(self, name: str) -> Any:
        return json.loads(self._told("network")[0].json)[name]

    @property
    def numFeatures(self) -> int:
        """The number of features."""
        return int(self._call_java("numFeatures"))

    @property
    def hasSummary(self) -> bool:
        """Whether there is a :attr:`summary`: after a fit, not after loading."""
        return bool(self._told("summary"))

    @property
    def summary(self) -> TrainingSummary:
        """The summary of the fit.

        Raises
        ------
        KindlingError
            of a model that was loaded
        """
        rows = self._told("summary")
        if not rows:
            raise KindlingError("a summary comes with a fit, but this model was loaded, and models are saved without it")
        return TrainingSummary._of(rows[0].json)

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """The parameters by name, in the order of the layers, as float32: ``dense1.weight`` of shape (inputs, outputs),
        ``dense1.bias`` of (1, outputs). Of several members, a name begins with its member: ``member1.dense1.weight``."""
        return {
            row.name: np.array(row["values"], dtype=np.float32).reshape(row.rows, row.columns) for row in self._told("weights")
        }

    @property
    def numParameters(self) -> int:
        """The number of parameters, of all members together."""
        return int(self._fact("parameters"))

    @property
    def numMembers(self) -> int:
        """The number of networks whose predictions the model averages: 1 for a plain one."""
        return int(self._fact("members"))

    @property
    def network(self) -> str:
        """The network as text, such as ``64 inputs: dense(100) relu dense(10)``."""
        return str(self._fact("network"))

    @property
    def layers(self) -> list[str]:
        """The names of the layers in order: ``dense1``, ``relu1``, ``dense2``."""
        return list(self._fact("layers"))

    @property
    def temperature(self) -> float:
        """What the averaged logits of a classifier are divided by: 1 if it was not calibrated."""
        return float(self._fact("temperature"))

    @property
    def offsets(self) -> DenseVector:
        """What the model subtracts from the features, and adds to the predictions."""
        return DenseVector(self._fact("offsets"))

    def predict(self, value: Vector) -> float:
        """The prediction for one vector of features."""
        return float(self._scored("predict", value))

    def _scored(self, method: str, value: Any) -> Any:
        try:
            value = TypeConverters.toVector(value)
        except TypeError as error:
            raise KindlingError(f"the features must be a vector or a list of numbers, but: {error}") from None
        with sentences():
            if not is_remote():
                self._transfer_params_to_java()  # such as thresholds
            return self._call_java(method, value)

    def permutationImportance(self, dataset: DataFrame, repeats: int = 5, seed: int = 0) -> list[FeatureImportance]:
        """How far accuracy, or R² of a regression, falls when a feature's values are permuted among the rows, the most
        important feature first. Each feature and repetition costs a pass over the rows."""
        return [FeatureImportance(*row) for row in self._told(f"importance(repeats={repeats}, seed={seed})", dataset)]

    def getVectorizerModel(self) -> TableVectorizerModel:
        """What made the features of the table's columns.

        Raises
        ------
        KindlingError
            of a model that was fitted to a column of vectors
        """
        classic("getVectorizerModel")
        if not self.isDefined(self.vectorizerModel):
            raise KindlingError("a table's columns must have been fitted to, but this model was fitted to a column of vectors")
        return super().getVectorizerModel()

    def exportOnnx(self, path: str) -> None:
        """Writes the model as a graph of ONNX, for other runtimes to score with: ``label``, which is a class index, and
        ``probabilities`` of a classifier, or the ``variable`` of a regression. A model that was fitted to a table's columns
        takes these, an input each; others take ``features``.

        Parameters
        ----------
        path
            of a new file, in any file system of Hadoop

        Raises
        ------
        KindlingError
            where there is such a file, or the graph cannot be written in ONNX
        """
        self._do("exportOnnx", path)

    def exportSafetensors(self, path: str) -> None:
        """Writes the model as one file of safetensors, which ``kindling-score`` predicts with in any JVM, without Spark. Its
        tensors are the :attr:`weights`, which ``safetensors.numpy.load_file`` reads; labels are class indices.

        Parameters
        ----------
        path
            of a new file, in any file system of Hadoop

        Raises
        ------
        KindlingError
            where there is such a file
        """
        self._do("exportSafetensors", path)

    def register(self, spark: SparkSession, name: str) -> None:
        """Makes the model a function of SQL, for queries and streams of the session: ``score(struct(*))`` of a table whose
        columns the model was fitted to, ``score(features)`` of vectors.

        It returns a struct: ``label`` and ``probability``, a map by label, where labels are class indices; or the ``prediction``
        of a regression (``predictions``, of several targets). A row that the model refuses stops the query or, with
        ``handleInvalid="keep"``, has null.

        Examples
        --------
        >>> import kindling
        >>> spark = kindling.session()
        >>> train = spark.createDataFrame([(x / 20, 3.0 * x) for x in range(20)], "x double, label double")
        >>> model = kindling.MlpRegressor(featuresCols=["x"], maxIter=3, members=1).fit(train)
        >>> model.register(spark, "score")
        >>> train.selectExpr("score(struct(*)).prediction AS predicted").columns
        ['predicted']
        """
        classic("register")
        self._do("register", java_session(spark), name)

    @classmethod
    def fromPyTorch(cls: type[M], module: Any, layers: str, *modules: str) -> M:
        """A model with the parameters of a PyTorch module. A classifier's single output is the logit of class 1.

        Parameters
        ----------
        module
            the module, its ``state_dict``, or the path of the file of it that ``safetensors.torch.save_file`` wrote, in any file
            system of Hadoop
        layers
            all layers in their order down to the logits, such as ``dense(16) relu dense(3)``
        modules
            the names of those that have parameters, in the order of the layers; they may be left out where the names differ in
            numbers alone, as those of ``nn.Sequential`` do

        Raises
        ------
        KindlingError
            where the tensors are not those of the layers

        Examples
        --------
        >>> import kindling
        >>> import numpy as np
        >>> from pyspark.ml.linalg import Vectors
        >>> spark = kindling.session()
        >>> state = {"0.weight": np.array([[2.0, 1.0]]), "0.bias": np.array([0.5])}
        >>> kindling.MlpRegressionModel.fromPyTorch(state, "dense(1)").predict(Vectors.dense(1.0, 3.0))
        5.5
        """
        classic("fromPyTorch")
        java = java_class(cls._java_name)
        with tempfile.TemporaryDirectory() as folder, sentences():
            if isinstance(module, (str, Path)):
                path = str(module)
            else:
                file = Path(folder) / "module.safetensors"
                _state_dict.write(module, file)
                path = file.as_uri()
            return cls(java.fromPyTorch(path, layers, java_array("java.lang.String", modules)))

    def _do(self, method: str, *arguments: Any) -> None:
        """What the Java model does, with the params of this one. Spark Connect's client cannot ask for it."""
        classic(method)
        java: Any = self._to_java()
        with sentences():
            getattr(java, method)(*arguments)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        require_rows(dataset)
        with sentences():
            return super()._transform(dataset)

    def __repr__(self) -> str:
        return self.uid if self._java_obj is None else str(self._call_java("toString"))


class MlpClassificationModel(
    _params.ClassificationParams,
    _params.ClassificationModelSetters,
    MlpModel,
    HasRawPredictionCol,
    HasProbabilityCol,
    HasThresholds,
):
    """A trained classifier. ``transform`` appends raw predictions (logits), probabilities and the predicted class."""

    __module__ = "dev.kindling.ml"
    _java_name = "dev.kindling.ml.MlpClassificationModel"
    _defaults = _params.DEFAULTS["MlpClassificationModel"]
    _presets = _params.CLASSIFIER_PRESETS

    @property
    def numClasses(self) -> int:
        """The number of classes."""
        return int(self._call_java("numClasses"))

    def predictRaw(self, value: Vector) -> Vector:
        """The logits for one vector of features: one for each class."""
        return self._scored("predictRaw", value)

    def predictProbability(self, value: Vector) -> Vector:
        """The probabilities for one vector of features: one for each class."""
        return self._scored("predictProbability", value)

    def evaluate(self, dataset: DataFrame) -> ClassificationEvaluation:
        """Loss, metrics, figures of each class and confusion matrix on labelled rows, in one pass."""
        return ClassificationEvaluation._of(self._told("evaluation", dataset)[0].json)


class MlpRegressionModel(_params.RegressionParams, _params.RegressionModelSetters, MlpModel):
    """A trained regressor. ``transform`` appends the prediction and, with several targets, a vector of all."""

    __module__ = "dev.kindling.ml"
    _java_name = "dev.kindling.ml.MlpRegressionModel"
    _defaults = _params.DEFAULTS["MlpRegressionModel"]
    _presets = _params.REGRESSOR_PRESETS

    def evaluate(self, dataset: DataFrame) -> RegressionEvaluation:
        """Loss and metrics on labelled rows, in one pass."""
        return RegressionEvaluation._of(self._told("evaluation", dataset)[0].json)


class MlpEstimator(Stage, JavaEstimator[M], Predictor[M], HasWeightCol):
    """What both estimators share: listeners, warm starts, and the checks before training."""

    _has_canonical_params = True
    _listeners: tuple[TrainListener, ...] = ()

    def setListener(self: E, *listeners: TrainListener) -> E:
        """Reports each fit to these listeners. It is no param: copies keep them, saved estimators do not."""
        heard = java_listener(listeners)
        self._java_obj.setListener(heard)
        self._listeners = listeners
        return self

    def setInitialModel(self: E, model: MlpModel) -> E:
        """Continues from a trained model: its weights, offsets, network, loss and table columns become this estimator's."""
        classic("setInitialModel")
        java = self._java_obj
        with sentences():
            self._transfer_params_to_java()
            java.setInitialModel(model._to_java())
            self._transfer_params_from_java()
        return self

    def check(self, dataset: DataFrame, test: Optional[DataFrame] = None, rows: int = 100_000) -> Checkup:
        """Looks for problems that would make training fail or its results wrong.

        Parameters
        ----------
        test
            test rows, which should not be among the training rows
        rows
            the approximate number of rows for most checks; all are read to find missing values
        """
        classic("check")
        require_rows(dataset)
        java: Any = self._to_java()
        with sentences():
            return Checkup._of(java.check(dataset._jdf, None if test is None else test._jdf, rows))

    def learningRateRange(self, dataset: DataFrame) -> LearningRateRange:
        """A learning-rate range test: a pass over the rows, or some hundred steps, with a growing rate."""
        classic("learningRateRange")
        require_rows(dataset)
        java: Any = self._to_java()
        with sentences():
            return LearningRateRange._of(java.learningRateRange(dataset._jdf))

    def scalePlan(self, dataset: DataFrame, executors: int) -> ScalePlan:
        """Predicts the seconds of an epoch on more executors, from a minute of steps, jobs and messages on those at hand.

        Parameters
        ----------
        executors
            the most to predict for, up to 256
        """
        classic("scalePlan")
        require_rows(dataset)
        java: Any = self._to_java()
        with sentences():
            return ScalePlan(java.scalePlan(dataset._jdf, executors))

    def _fit(self, dataset: DataFrame) -> M:
        require_rows(dataset)
        try:
            with sentences():
                if is_remote():
                    return super()._fit(dataset)
                return self._create_model(self._fit_java(dataset))
        except Exception:
            for listener in self._listeners:
                if listener._error is not None:
                    raise listener._error from None
            raise


class MlpClassifier(
    _params.ClassifierInit,
    MlpEstimator[MlpClassificationModel],
    HasRawPredictionCol,
    HasProbabilityCol,
    HasThresholds,
):
    """A multi-layer perceptron for classification, trained data-parallel.

    Labels are class indices 0 … k-1; k comes from the label column's metadata, which StringIndexer writes, or the largest
    label. Features are a column of vectors, or what ``featuresCols`` makes of a table's columns.

    Raises
    ------
    KindlingError
        for a value that a param does not take, at once; for rows that cannot be trained on, from ``fit``

    Examples
    --------
    >>> import kindling
    >>> spark = kindling.session()
    >>> rows = [(x / 10, float(x > 10)) for x in range(20)]
    >>> train = spark.createDataFrame(rows, "x double, label double")
    >>> mlp = kindling.MlpClassifier(featuresCols=["x"], hiddenLayers=[8], maxIter=60, members=1, seed=1)
    >>> model = mlp.setPreset("none").setStepSize(0.05).fit(train)
    >>> model.evaluate(train).accuracy > 0.9
    True
    >>> model.weights["dense1.weight"].shape
    (1, 8)
    """

    __module__ = "dev.kindling.ml"
    _java_name = "dev.kindling.ml.MlpClassifier"
    _defaults = _params.DEFAULTS["MlpClassifier"]
    _presets = _params.CLASSIFIER_PRESETS

    def _create_model(self, java_model: Any) -> MlpClassificationModel:
        return MlpClassificationModel(java_model)


class MlpRegressor(_params.RegressorInit, MlpEstimator[MlpRegressionModel]):
    """A multi-layer perceptron for regression, trained data-parallel.

    The label is a number, or a vector of several targets. Features are a column of vectors, or what ``featuresCols`` makes of a
    table's columns.

    Examples
    --------
    >>> import kindling
    >>> spark = kindling.session()
    >>> train = spark.createDataFrame([(x / 20, 3.0 * x) for x in range(20)], "x double, label double")
    >>> model = kindling.MlpRegressor(featuresCols=["x"], hiddenLayers=[], maxIter=100, stepSize=0.1, members=1).fit(train)
    >>> model.evaluate(train).r2 > 0.9
    True
    """

    __module__ = "dev.kindling.ml"
    _java_name = "dev.kindling.ml.MlpRegressor"
    _defaults = _params.DEFAULTS["MlpRegressor"]
    _presets = _params.REGRESSOR_PRESETS

    def _create_model(self, java_model: Any) -> MlpRegressionModel:
        return MlpRegressionModel(java_model)
