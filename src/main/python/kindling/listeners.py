"""Listeners hear of a fit's progress: TensorBoard, the HTML report, a line of progress, and functions of your own."""

from __future__ import annotations

import html
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional, TextIO

from pyspark.java_gateway import ensure_callback_server_started

from kindling._stage import classic, context, java_array, java_class, new_java
from kindling.errors import KindlingError, sentences


class Epoch(NamedTuple):
    """The figures of one epoch, counted from 1. Losses are means by the rows' weights, without the penalty. Without rows to
    validate on, ``validationLoss`` and ``validationMetric`` are None."""

    epoch: int
    trainingLoss: float
    trainingMetric: float
    validationLoss: Optional[float]
    validationMetric: Optional[float]
    learningRate: float
    gradientNorm: Optional[float]
    steps: int
    trainingSeconds: float
    seconds: float


class TrainListener:
    """Hears of a fit, on the driver, while it trains. An exception that a method raises ends the fit with it.

    Override what you need; ``stepped`` costs a call from Java to Python in each step, and only if it is overridden.

    Examples
    --------
    >>> import kindling
    >>> class Losses(kindling.TrainListener):
    ...     def __init__(self):
    ...         self.losses = []
    ...     def ended(self, epoch):
    ...         self.losses.append(epoch.trainingLoss)
    >>> spark = kindling.session()
    >>> train = spark.createDataFrame([(0.0, 0.0), (1.0, 2.0), (2.0, 4.0)], "x double, label double")
    >>> heard = Losses()
    >>> mlp = kindling.MlpRegressor(featuresCols=["x"], maxIter=3, members=1).setListener(heard)
    >>> model = mlp.fit(train)
    >>> len(heard.losses)
    3
    """

    def started(self, network: str, rows: int, epochs: int) -> None:
        """Before the first step: the network as text, the number of training rows and of epochs."""

    def stepped(self, number: int, loss: float, learningRate: float, gradientNorm: float) -> None:
        """After each step; ``number`` counts from 1 over all epochs."""

    def ended(self, epoch: Epoch) -> None:
        """After each epoch, validation included."""

    def finished(self) -> None:
        """After the last epoch."""

    def failed(self, cause: str) -> None:
        """When the fit ends with an exception."""

    _error: Optional[BaseException] = None

    def _to_java(self) -> Any:
        return java_class("dev.kindling.python.Listener")(_Callback(self))


class _Callback:
    """What Java calls. The listener keeps its exception, so that Python's own reaches the caller of ``fit``."""

    def __init__(self, listener: TrainListener) -> None:
        self._listener = listener

    def _call(self, method: str, *arguments: Any) -> str:
        try:
            getattr(self._listener, method)(*arguments)
        except Exception as error:
            self._listener._error = error
            return f"{type(error).__name__}: {error}"
        return ""

    def hearsSteps(self) -> bool:
        return type(self._listener).stepped is not TrainListener.stepped

    def started(self, network: str, rows: int, epochs: int) -> str:
        self._listener._error = None
        return self._call("started", network, rows, epochs)

    def stepped(self, number: int, loss: float, rate: float, norm: float) -> str:
        return self._call("stepped", number, loss, rate, norm)

    def ended(self, *figures: Any) -> str:
        known: Any = [None if each != each else each for each in figures]
        return self._call("ended", Epoch(*known))

    def finished(self) -> str:
        return self._call("finished")

    def failed(self, cause: str) -> str:
        return self._call("failed", cause)

    class Java:
        implements = ["dev.kindling.python.Callback"]


class TensorBoard(TrainListener):
    """Writes TensorBoard's event files of a run into a folder, on any file system that Hadoop supports."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def _to_java(self) -> Any:
        with sentences():
            return new_java("dev.kindling.tensorboard.TensorBoard", self.folder)


class TrainingReport(TrainListener):
    """Records a fit for a self-contained HTML page with its curves; see :meth:`write`.

    Parameters
    ----------
    data
        what the page calls the data
    """

    def __init__(self, data: str = "") -> None:
        classic("a training report")
        self._java = new_java("dev.kindling.report.TrainingReport")
        if data:
            self._java.setData(data)

    def _to_java(self) -> Any:
        return self._java

    def page(self) -> str:
        """The page, in HTML."""
        with sentences():
            return str(self._java.page())

    def write(self, path: str) -> None:
        """Writes the page to a local file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.page())

    def _repr_html_(self) -> str:
        return framed(self.page())


def framed(page: str, height: int = 900) -> str:
    """A whole HTML page within a notebook's cell."""
    return f'<iframe srcdoc="{html.escape(page)}" width="100%" height="{height}" style="border:0"></iframe>'


class Progress(TrainListener):
    """Shows an epoch's figures: in notebooks and terminals as one line that is redrawn, in logs as a line for each epoch."""

    def __init__(self, out: Optional[TextIO] = None) -> None:
        self._out = out if out is not None else sys.stdout
        self._redraws = "ipykernel" in sys.modules or self._out.isatty()
        self._epochs = 0
        self._width = 0

    def started(self, network: str, rows: int, epochs: int) -> None:
        self._epochs = epochs
        self._out.write(f"network {network}\n")

    def ended(self, epoch: Epoch) -> None:
        validation = "" if epoch.validationLoss is None else f"  validation {epoch.validationLoss:.4f}"
        line = f"epoch {epoch.epoch}/{self._epochs}  loss {epoch.trainingLoss:.4f}{validation}  {epoch.seconds:.2f} s"
        self._out.write(f"\r{line:<{self._width}}" if self._redraws else f"{line}\n")
        self._out.flush()
        self._width = len(line)

    def finished(self) -> None:
        if self._redraws:
            self._out.write("\n")

    def failed(self, cause: str) -> None:
        self.finished()


def java_listener(listeners: Sequence[TrainListener]) -> Any:
    """One Java listener for all."""
    classic("a listener")
    for listener in listeners:
        if not isinstance(listener, TrainListener):
            raise KindlingError(f"a listener must be a kindling.TrainListener, but is a {type(listener).__name__}")
    gateway: Any = context()._gateway
    ensure_callback_server_started(gateway)  # on loopback
    array = java_array("dev.kindling.train.TrainListener", [each._to_java() for each in listeners])
    return java_class("dev.kindling.train.TrainListener").all(array)
