"""Kindling's exceptions: one sentence, without a Java stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from pyspark import SparkContext
from pyspark.errors import AnalysisException


class KindlingError(ValueError):
    """Something that the user must mend: the message says what must hold and what came."""


def _sentence_of_java(throwable: Any) -> Optional[str]:
    """What the commands would say of it; or what a param's validation says, which Spark throws as an illegal argument."""
    jvm: Any = SparkContext._jvm
    failure = jvm.dev.kindling.job.storage.Failure.of(throwable)
    if failure.isExpected():
        return str(failure.sentence())
    cause = throwable
    while cause is not None:
        if cause.getClass().getName() == "java.lang.IllegalArgumentException":
            return str(cause.getMessage())
        cause = cause.getCause()
    return None


def _sentence(error: BaseException) -> Optional[str]:
    """Kindling's sentence within an exception of PySpark's or Py4J's; None if it is another's fault. What Spark's analysis finds,
    such as a column that is not there, PySpark tells well itself."""
    if isinstance(error, AnalysisException):
        return None
    java = getattr(error, "java_exception", None)
    if java is None:
        java = getattr(error, "_origin", None)
    if java is not None:
        return _sentence_of_java(java)
    kind = type(error)
    is_of_connect = kind.__module__.startswith("pyspark.errors.exceptions.connect")
    return _message(error) if is_of_connect and kind.__name__ == "IllegalArgumentException" else None


def _message(error: BaseException) -> str:
    get = getattr(error, "getMessage", None)
    text = (get() if get is not None else None) or getattr(error, "desc", None) or str(error)
    return str(text).split("\n\nJVM stacktrace:")[0].strip()


@contextmanager
def sentences() -> Iterator[None]:
    """Turns Kindling's errors on the JVM into :class:`KindlingError` within a ``with`` block.

    Kindling's own calls do this. Use it around an action of Spark's, such as ``show()`` of scored rows, because rows that
    cannot be scored are found only then.

    >>> from kindling import errors
    >>> with errors.sentences():
    ...     1 + 1
    2
    """
    try:
        yield
    except KindlingError:
        raise
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise KindlingError(sentence) from None
