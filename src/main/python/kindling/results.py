"""What fits, evaluations and checks return, as Python's own types."""

from __future__ import annotations

import html
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from kindling.errors import KindlingError, sentences
from kindling.listeners import Epoch, framed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_SCHEMA = (
    "epoch int, trainingLoss double, trainingMetric double, validationLoss double, validationMetric double,"
    " learningRate double, gradientNorm double, steps bigint, trainingSeconds double, seconds double"
)


def table_html(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A table for notebooks."""
    cells = "".join(f"<th>{html.escape(each)}</th>" for each in head)
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(shown(each))}</td>" for each in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def shown(value: Any) -> str:
    """A value for people; nothing for None."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def new_axes(axes: Optional[Axes]) -> Axes:
    """Axes to draw on."""
    if axes is not None:
        return axes
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise KindlingError("plot() needs matplotlib, which is not installed: pip install matplotlib") from None
    return plt.subplots()[1]


@dataclass(frozen=True)
class TrainingSummary:
    """The summary of a fit. Of several members, the epochs are those of the first.

    Attributes
    ----------
    history
        the epochs in order
    metric, monitor
        the name of the metric reported at every epoch; what epochs are compared by
    rows, validationRows
        the number of rows trained on, and validated on
    validationLoss, validationMetric
        of the model, on the rows validated on; None without any
    steps, seconds, secondsPerEpoch
        steps taken; seconds of the whole fit; the median seconds of an epoch's training alone
    bestEpoch, stopReason
        the number of the epoch that is best; ``epochs``, ``earlyStopping`` or ``converged``
    gemmBackend, gemmBackends
        what multiplied matrices, by the driver's choice and as the tasks had it
    """

    history: list[Epoch] = field(repr=False)
    metric: str
    monitor: str
    rows: int
    validationRows: int
    validationLoss: Optional[float]
    validationMetric: Optional[float]
    steps: int
    seconds: float
    secondsPerEpoch: float
    bestEpoch: int
    stopReason: str
    gemmBackend: str
    gemmBackends: list[str]

    @staticmethod
    def _of(text: str) -> TrainingSummary:
        values = json.loads(text)
        values["history"] = [Epoch(**each) for each in values["history"]]
        return TrainingSummary(**values)

    def toPandas(self) -> pd.DataFrame:
        """The epochs as a pandas DataFrame, indexed by their numbers."""
        try:
            import pandas
        except ImportError:
            raise KindlingError("toPandas() needs pandas, which is not installed: pip install pandas") from None
        return pandas.DataFrame(self.history, columns=list(Epoch._fields)).set_index("epoch")

    def toDF(self) -> DataFrame:
        """The epochs as a Spark DataFrame, with a row for each."""
        return SparkSession.active().createDataFrame([tuple(each) for each in self.history], _SCHEMA)

    def plot(self, axes: Optional[Axes] = None) -> Axes:
        """Draws the loss of training and validation by epoch, with matplotlib."""
        ax = new_axes(axes)
        numbers = [each.epoch for each in self.history]
        ax.plot(numbers, [each.trainingLoss for each in self.history], label="training")
        if self.validationRows:
            ax.plot(
                numbers,
                [np.nan if each.validationLoss is None else each.validationLoss for each in self.history],
                label="validation",
            )
            ax.axvline(self.bestEpoch, color="grey", linewidth=0.8, linestyle="--", label="best epoch")
        ax.set_xlabel("epoch")
        ax.set_ylabel("loss")
        ax.legend()
        return ax

    def _repr_html_(self) -> str:
        note = (
            f"{self.rows:,} rows, {self.steps:,} steps, {self.seconds:.1f} s; best epoch {self.bestEpoch} by"
            f" {self.monitor}; metric: {self.metric}"
        )
        return f"<p>{html.escape(note)}</p>" + table_html(Epoch._fields, [tuple(each) for each in self.history])


class ClassFigures(NamedTuple):
    """How well one class is told from the others.

    ``support`` is the weight of its rows, ``predicted`` that of the rows predicted as it.
    """

    precision: float
    recall: float
    f1: float
    support: float
    predicted: float


class ReliabilityPoint(NamedTuple):
    """Rows of similar probability: its mean, the share of them that are of the class, and the weight of the rows."""

    predicted: float
    observed: float
    weight: float


class ClassificationEvaluation(NamedTuple):
    """The metrics of a classifier on some rows, as scikit-learn computes them.

    ``auc`` and ``averagePrecision`` are NaN where a class has no rows or there are more than 100 classes. ``confusion`` is an
    array (actual class, predicted class) of row weights; empty where there are more than 1,000 classes. ``reliability`` has the
    groups with rows of ten of equal width: by the probability of the second of two classes or, of more, of the predicted class.
    """

    rows: int
    loss: float
    accuracy: float
    f1: float
    logLoss: float
    auc: float
    averagePrecision: float
    balancedAccuracy: float
    brier: float
    calibrationError: float
    classes: list[ClassFigures]
    confusion: np.ndarray
    reliability: list[ReliabilityPoint]

    @staticmethod
    def _of(text: str) -> ClassificationEvaluation:
        values = json.loads(text)
        groups = values["reliability"]
        points = [ReliabilityPoint(*each) for each in zip(groups["predicted"], groups["observed"], groups["weights"]) if each[2]]
        figures = {name: values["values"].get(name, math.nan) for name in ClassificationEvaluation._fields[1:10]}
        classes = [ClassFigures(**each) for each in values["classes"]]
        confusion = np.array(values["confusion"], dtype=float)
        return ClassificationEvaluation(
            rows=values["rows"], classes=classes, confusion=confusion, reliability=points, **figures
        )

    def plot(self, axes: Optional[Axes] = None) -> Axes:
        """Draws the confusion matrix, with matplotlib."""
        if self.confusion.size == 0:
            raise KindlingError("a confusion matrix must be there to draw, but there are more than 1,000 classes")
        ax = new_axes(axes)
        ax.imshow(self.confusion, cmap="Blues")
        for (actual, predicted), weight in np.ndenumerate(self.confusion):
            ax.text(predicted, actual, f"{weight:g}", ha="center", va="center")
        ax.set_xlabel("predicted")
        ax.set_ylabel("actual")
        return ax

    def plotCalibration(self, axes: Optional[Axes] = None) -> Axes:
        """Draws the share of rows that are of the class by the probability that the model gave it, with matplotlib. On the
        diagonal both are equal."""
        ax = new_axes(axes)
        ax.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--")
        ax.plot([each.predicted for each in self.reliability], [each.observed for each in self.reliability], marker="o")
        ax.set_xlabel("mean probability")
        ax.set_ylabel("share of rows")
        return ax

    def _repr_html_(self) -> str:
        return table_html(self._fields[:10], [tuple(self[:10])])


class TargetFigures(NamedTuple):
    """The metrics for one target of a regression."""

    rmse: float
    mae: float
    r2: float
    mape: float


class RegressionEvaluation(NamedTuple):
    """The metrics of a regressor on some rows. With several targets, ``rmse`` is over all errors together, the others are means
    over the targets."""

    rows: int
    loss: float
    rmse: float
    mae: float
    r2: float
    mape: float
    targets: list[TargetFigures]

    @staticmethod
    def _of(text: str) -> RegressionEvaluation:
        values = json.loads(text)
        return RegressionEvaluation(targets=[TargetFigures(**each) for each in values.pop("targets")], **values)

    def _repr_html_(self) -> str:
        return table_html(self._fields[:6], [tuple(self[:6])])


class FeatureImportance(NamedTuple):
    """How far accuracy or R² falls when a feature's values are permuted: its position in the vector, its name, the mean
    and the deviation over the repetitions."""

    position: int
    name: str
    mean: float
    deviation: float


class Finding(NamedTuple):
    """The result of one check: ``severity`` is ``ok``, ``warning`` or ``error``; the fix is an ``option`` of the command line
    and ``code``."""

    name: str
    severity: str
    subject: str
    message: str
    option: str
    code: str


@dataclass(frozen=True)
class Checkup:
    """The findings of the checks before training. It is healthy if none is an error."""

    healthy: bool
    findings: list[Finding]
    text: str = field(repr=False)

    @staticmethod
    def _of(java: Any) -> Checkup:
        values = json.loads(java.toJson())
        return Checkup(values["healthy"], [Finding(**each) for each in values["findings"]], java.toString())

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return table_html(
            ("check", "severity", "finding", "fix"),
            [(each.name, each.severity, each.message, each.code) for each in self.findings],
        )


class RangePoint(NamedTuple):
    """One step of a range test; ``smoothed`` is an exponential moving average of the losses. None where infinite."""

    learningRate: float
    loss: Optional[float]
    smoothed: Optional[float]


class ScalePlan:
    """How long an epoch would take on more executors, or with more local steps. ``print`` shows its tables."""

    def __init__(self, java: Any) -> None:
        self._java = java
        self._text = str(java.toString())

    def secondsPerEpoch(self, executors: int, localSteps: int = 1) -> float:
        """The predicted seconds of an epoch, without validation.

        Parameters
        ----------
        executors
            from 1 to 256, each with as many cores as those that were measured
        """
        with sentences():
            return float(self._java.secondsPerEpoch(executors, localSteps))

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return self._text



@dataclass(frozen=True)
class LearningRateRange:
    """The result of a learning-rate range test.

    Attributes
    ----------
    suggested
        the rate where the loss falls fastest; None if it never falls
    low, high
        the rate below which the loss hardly moves, and from which it explodes; None if it does not
    advice
        one sentence: which rate to use, and why
    """

    suggested: Optional[float]
    low: Optional[float]
    high: Optional[float]
    advice: str
    points: list[RangePoint] = field(repr=False)
    page: str = field(repr=False)

    @staticmethod
    def _of(java: Any) -> LearningRateRange:
        values = json.loads(java.toJson())
        points = [RangePoint(**each) for each in values.pop("points")]
        return LearningRateRange(points=points, page=java.page(), **values)

    def __str__(self) -> str:
        return self.advice

    def write(self, path: str) -> None:
        """Writes the page with the curve to a local file, in HTML."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.page)

    def plot(self, axes: Optional[Axes] = None) -> Axes:
        """Draws the loss by learning rate, with matplotlib."""
        ax = new_axes(axes)
        kept = [each for each in self.points if each.smoothed is not None]
        ax.plot([each.learningRate for each in kept], [each.smoothed or 0.0 for each in kept])
        if self.suggested is not None:
            ax.axvline(self.suggested, color="grey", linestyle="--", label=f"suggested {self.suggested:.1e}")
            ax.legend()
        ax.set_xscale("log")
        ax.set_xlabel("learning rate")
        ax.set_ylabel("loss")
        return ax

    def _repr_html_(self) -> str:
        return framed(self.page, 600)
