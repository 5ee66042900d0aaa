"""Models, params and figures in MLflow. MLflow is optional: ``pip install mlflow``, or ``mlflow-skinny``."""

from __future__ import annotations

import math
import sys
import time
from functools import wraps
from pathlib import Path
from typing import Any, Optional

import mlflow
import pyspark
from mlflow.entities import Metric
from mlflow.models import Model
from mlflow.models.model import MLMODEL_FILE_NAME
from pyspark.ml import PipelineModel, Transformer

from kindling._stage import classic
from kindling.errors import KindlingError, sentences
from kindling.estimators import MlpClassificationModel, MlpEstimator, MlpModel, MlpRegressionModel
from kindling.listeners import Epoch, TrainingReport, TrainListener

FLAVOR = "kindling"
_MOST_PARAMS = 100  # in one request, of MLflow
_LONGEST_PARAM = 6_000  # characters, of MLflow
_KINDS = {kind.__name__: kind for kind in (MlpClassificationModel, MlpRegressionModel, PipelineModel)}
_fit = MlpEstimator._fit


def save_model(model: Transformer, path: str, mlflow_model: Optional[Model] = None) -> None:
    """Writes a model in MLflow's format into a new local folder.

    A fitted classifier or regression comes with ``model.onnx``, for serving without Spark.
    """
    if type(model).__name__ not in _KINDS:
        raise KindlingError(f"an MLflow model of Kindling must be one of {', '.join(_KINDS)}, but is a {type(model).__name__}")
    classic("kindling.mlflow")
    folder = Path(path).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    described = mlflow_model or Model()
    files: dict[str, Any] = {"model": "model", "kind": type(model).__name__, "pyspark": pyspark.__version__}
    model.write().overwrite().save((folder / "model").as_uri())  # type: ignore[attr-defined]
    if isinstance(model, MlpModel):
        model.exportOnnx((folder / "model.onnx").as_uri())
        files["onnx"] = "model.onnx"
    described.add_flavor(FLAVOR, **files)
    described.save(str(folder / MLMODEL_FILE_NAME))


def log_model(model: Transformer, name: str = "model", registered_model_name: Optional[str] = None) -> Any:
    """Logs a fitted model in the active run, or in a new one. Returns MLflow's ``ModelInfo``.

    Parameters
    ----------
    model
        an :class:`MlpClassificationModel`, an :class:`MlpRegressionModel`, or a ``PipelineModel`` with one of them
    name
        what the run calls it
    registered_model_name
        the name in MLflow's registry; none to leave it out
    """
    return Model.log(name, flavor=sys.modules[__name__], registered_model_name=registered_model_name, model=model)


def load_model(model_uri: str) -> Transformer:
    """Reads a model that :func:`log_model` logged, such as ``runs:/RUN/model`` or ``models:/NAME/1``."""
    folder = Path(mlflow.artifacts.download_artifacts(model_uri)).absolute()
    described = Model.load(str(folder / MLMODEL_FILE_NAME)).flavors.get(FLAVOR)
    if described is None:
        raise KindlingError(f"{model_uri} must be a model that kindling.mlflow logged, but has no flavor {FLAVOR}")
    kind = _KINDS[described["kind"]]
    with sentences():
        loaded: Transformer = kind.load((folder / described["model"]).as_uri())
    return loaded


class _Epochs(TrainListener):
    """Logs each epoch's figures. It is called by a thread of Py4J's, which has no active run of MLflow's."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._client = mlflow.MlflowClient()

    def ended(self, epoch: Epoch) -> None:
        figures = epoch._asdict()
        step = figures.pop("epoch")
        known = {name: float(value) for name, value in figures.items() if value is not None}
        now = int(1000 * time.time())
        metrics = [Metric(name, value, now, step) for name, value in known.items() if math.isfinite(value)]
        self._client.log_batch(self._run_id, metrics=metrics)


def autolog(disable: bool = False, log_models: bool = True) -> None:
    """From now on each fit is a run, below the active one if there is one: its params, the figures of each epoch, the report as
    ``report.html``, and the model with its ONNX.

    Parameters
    ----------
    disable
        whether fits are logged no more
    log_models
        whether models are logged too
    """

    @wraps(_fit)
    def logged(self: MlpEstimator, dataset: Any) -> Any:
        classic("kindling.mlflow.autolog")
        with mlflow.start_run(nested=mlflow.active_run() is not None) as run:
            _log_params(self)
            report = TrainingReport()
            mine = self._listeners
            self.setListener(*mine, _Epochs(run.info.run_id), report)
            try:
                model = _fit(self, dataset)
            finally:
                self.setListener(*mine)
            mlflow.log_text(report.page(), "report.html")
            _log_summary(model)
            if log_models:
                log_model(model)
            return model

    MlpEstimator._fit = _fit if disable else logged  # type: ignore[method-assign]


def _log_params(estimator: MlpEstimator) -> None:
    values = {
        param.name: str(estimator.getOrDefault(param))[:_LONGEST_PARAM]
        for param in estimator.params
        if estimator.isDefined(param)
    }
    names = list(values)
    for start in range(0, len(names), _MOST_PARAMS):
        mlflow.log_params({name: values[name] for name in names[start : start + _MOST_PARAMS]})
    mlflow.set_tag("estimator", type(estimator).__name__)


def _log_summary(model: MlpModel) -> None:
    summary = model.summary
    figures = {"rows": summary.rows, "bestEpoch": summary.bestEpoch}
    mlflow.log_metrics({name: float(value) for name, value in figures.items() if value is not None})
    mlflow.set_tag("network", model.network)
