"""What all of Kindling's stages share: the Java object behind them, their params, and errors in Python's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Optional, TypeVar

from pyspark import SparkContext
from pyspark.ml.common import _java2py
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaModel, JavaParams
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from kindling.errors import KindlingError, sentences

P = TypeVar("P", bound="Settable")
S = TypeVar("S", bound="Stage")

_NO_SESSION = "a Spark session must run before a {} is made, but none does: spark = kindling.session()"
_MEND = (
    "restart Python, whose JVM outlives spark.stop(), and start the session by kindling.session() or with"
    " --jars $(python -m kindling jars)"
)
_NO_JAR = f"the Spark session must have Kindling's job jar, but its JVM was started without it: {_MEND}"
_OTHER_JAR = f"{{}}: {_MEND}, without KINDLING_JAR"


def new_java(name: str, *arguments: Any) -> Any:
    """An object of one of Kindling's Java classes; the class's name where Spark Connect makes it on the server."""
    if is_remote():
        return name
    if SparkContext._active_spark_context is None:
        raise KindlingError(_NO_SESSION.format(name.rsplit(".", 1)[-1]))
    try:
        return java_class(name)(*arguments)
    except Exception:
        require_line()
        raise


def require_line() -> None:
    """Refuses the job jar of another Spark line."""
    line = java_class("dev.kindling.spark.SparkLine")
    fault = optional(line.BUILT.fault(line.runningSpark(), line.runningScala()))
    if fault is not None:
        raise KindlingError(_OTHER_JAR.format(fault.split(";")[0])) from None


def java_class(name: str) -> Any:
    """One of Kindling's Java classes, for its static methods."""
    found: Any = context()._jvm
    for part in name.split("."):
        found = getattr(found, part)
    if type(found).__name__ == "JavaPackage":
        raise KindlingError(_NO_JAR)
    return found


def context() -> SparkContext:
    """The running Spark context."""
    running = SparkContext._active_spark_context
    if running is None:
        raise KindlingError("a Spark session must run, but none does: spark = kindling.session()")
    return running


def classic(what: str) -> None:
    """Refuses what Spark Connect cannot do."""
    if is_remote():
        raise KindlingError(f"{what} must run beside the driver, but this session is a Spark Connect client's")


def to_stage(value: Any) -> Any:
    """The converter of params whose value is a stage."""
    if isinstance(value, JavaParams):
        return value
    if hasattr(value, "getClass"):
        return JavaParams._from_java(value)
    raise TypeError(f"Could not convert {type(value)} to a stage")


def to_class_weights(value: Any) -> str:
    """The converter of ``classWeights``: a spec, or a mapping from class to factor.

    >>> to_class_weights({1: 5, 0: 1})
    'byClass([0 1], [1.0 5.0])'
    """
    if not isinstance(value, Mapping):
        return TypeConverters.toString(value)
    items = sorted(value.items())
    classes = " ".join(str(TypeConverters.toInt(key)) for key, _ in items)
    factors = " ".join(repr(TypeConverters.toFloat(factor)) for _, factor in items)
    return f"byClass([{classes}], [{factors}])"


class Settable(Params):
    """Setters return the stage itself."""

    def _start(self, given: dict[str, Any]) -> None:
        self._set(**given)

    def _with(self: P, **values: Any) -> P:
        self._set(**values)
        return self


class Stage(JavaParams, Settable, JavaMLWritable, JavaMLReadable):
    """A stage with a Java object behind it."""

    _java_name: ClassVar[str]
    _defaults: ClassVar[dict[str, Any]]
    _presets: ClassVar[dict[str, dict[str, Any]]] = {}
    _has_canonical_params: ClassVar[bool] = False
    _input_kwargs: dict[str, Any]
    _java_obj: Any = None

    def _start(self, given: dict[str, Any]) -> None:
        self._java_obj = new_java(self._java_name, self.uid)
        self._setDefault(**self._defaults)
        super()._start(given)

    def setParams(self: S, **values: Any) -> S:
        """Sets several params by their names: ``setParams(maxIter=10, seed=1)``."""
        for name in values:
            if not self.hasParam(name):
                raise KindlingError(f"{type(self).__name__} has no param {name}: explainParams() lists them")
        self._set(**values)
        return self

    def _set(self, **kwargs: Any) -> Any:
        for name, value in kwargs.items():
            if value is None:
                continue
            param = self.getParam(name)
            try:
                converted = param.typeConverter(value)
            except TypeError as error:
                raise KindlingError(f"param {name} must be of its type, but: {error}") from None
            self._keep(param, self._checked(param, converted))
        return self

    def _keep(self, param: Param, value: Any) -> None:
        if is_remote() and self._is_kept_unsent(param, value):
            return
        self._paramMap[param] = value
        if param.name == "preset":
            self._setDefault(**{**self._defaults, **self._presets[value]})

    def _is_kept_unsent(self, param: Param, value: Any) -> bool:
        """Spark Connect's client cannot send an empty list. It need not where that is what the server has without it, or where
        an empty ``architecture`` says the same."""
        if param.name == "hiddenLayers" and self._paramMap.get(self.getParam("architecture")) == "":
            self.clear(self.getParam("architecture"))
        if value != []:
            return False
        if param.name == "hiddenLayers":
            self._paramMap[self.getParam("architecture")] = ""
        elif self._defaults.get(param.name, value) != value or param.name == "thresholds":
            raise KindlingError(f"Spark Connect's client must know the type of what it sends, but {param.name} is an empty list")
        self.clear(param)
        self._setDefault(**{param.name: value})
        return True

    def clear(self, param: Param) -> None:
        """Clears a param that was set. PySpark's own does nothing through Spark Connect."""
        if is_remote():
            self._paramMap.pop(param, None)
        else:
            super().clear(param)

    def _checked(self, param: Param, value: Any) -> Any:
        """The value as it is stored: a spec in its canonical form. Java refuses a wrong one."""
        java = self._java_obj
        if param.name == "preset" and value not in self._presets:
            raise KindlingError(f'preset must be one of {", ".join(self._presets)}, but is "{value}"')
        if java is None or isinstance(java, str) or is_remote():
            return value  # of a model that is being made, or on the server
        with sentences():
            if self._has_canonical_params and isinstance(value, str):
                value = java_class("dev.kindling.ml.params.ParamSet").canonical(java.getParam(param.name), value)
            self._make_java_param_pair(param, value)
        return value

    def _make_java_param_pair(self, param: Param, value: Any) -> Any:
        if isinstance(value, JavaParams):
            return self._java_obj.getParam(param.name).w(value._to_java())
        return super()._make_java_param_pair(param, value)

    def _transfer_params_to_java(self) -> None:
        """Only those that are set: Java has the same defaults, and each call through Py4J takes its time."""
        for param in self.params:
            if self.isSet(param):
                self._java_obj.set(self._make_java_param_pair(param, self._paramMap[param]))

    def _transfer_params_from_java(self) -> None:
        """Those that are set there, and no others."""
        self._paramMap.clear()
        for pair in java_class("dev.kindling.python.Stages").set(self._java_obj):
            param = self.getParam(pair.param().name())
            self._keep(param, param.typeConverter(self._python(param, pair.value())))

    @staticmethod
    def _python(param: Param, value: Any) -> Any:
        if isinstance(value, (str, int, float)) or param.typeConverter is to_stage:
            return value
        return _java2py(context(), value) if param.typeConverter is TypeConverters.toVector else list(value)

    @classmethod
    def load(cls: type[S], path: str) -> S:
        """Reads what :meth:`save`, Java or the command line saved in a folder.

        Raises
        ------
        KindlingError
            where the folder holds none, or another kind
        """
        with sentences():
            return super().load(path)

    def save(self, path: str) -> None:
        """Saves in a folder that does not exist yet; ``write().overwrite().save(path)`` replaces one."""
        with sentences():
            super().save(path)


class FittedStage(Stage, JavaModel):
    """A model. PySpark makes it without a Java object where it loads one."""

    def __init__(self, java_model: Optional[Any] = None) -> None:
        if java_model is None or is_remote():
            super().__init__(java_model)
        else:
            super().__init__()
            self._java_obj = java_model
            self._resetUid(java_model.uid())
            self._transfer_params_from_java()
        self._setDefault(**{**self._defaults, **self._presets.get(self._preset(), {})})

    def _preset(self) -> str:
        return str(self._paramMap.get(self.getParam("preset"), "")) if self._presets else ""


def java_list(values: list[Any]) -> Any:
    """A Java list; lists of whole numbers within become ``int[]``."""
    jvm: Any = context()._jvm
    made = jvm.java.util.ArrayList()
    for value in values:
        made.add(java_array("int", value) if isinstance(value, (list, tuple)) else value)
    return made


def java_array(kind: str, values: Sequence[Any]) -> Any:
    """A Java array of a kind such as ``int`` or ``java.lang.String``."""
    gateway: Any = context()._gateway
    found = gateway.jvm
    for part in kind.split("."):
        found = getattr(found, part)
    made = gateway.new_array(found, len(values))
    for i, value in enumerate(values):
        made[i] = value
    return made


def require_rows(dataset: Any) -> None:
    """Refuses rows that are not Spark's, such as those of pandas."""
    if not hasattr(dataset, "sparkSession"):
        kind = f"{type(dataset).__module__.split('.')[0]}.{type(dataset).__name__}"
        raise KindlingError(f"the rows must be a Spark DataFrame, but are a {kind}: spark.createDataFrame(rows)")


def java_session(spark: Any) -> Any:
    """The Java side of a session."""
    if not isinstance(spark, SparkSession):
        raise KindlingError(f"the session must be a SparkSession, but is a {type(spark).__name__}")
    session: Any = spark
    return session._jsparkSession


def optional(value: Any) -> Optional[Any]:
    """What a ``java.util.Optional`` holds."""
    return value.get() if value.isPresent() else None
