"""A Spark session with Kindling's job jar and settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from kindling._job_jar import jars
from kindling._stage import require_line

_HERE = Path(__file__).parent  # perhaps within an archive of --py-files
_LOADER: Any = __spec__.loader

# Python's own classes travel too, and nobody has registered them.
_OF_PYTHON = {"spark.kryo.registrationRequired": "false"}


def settings() -> dict[str, str]:
    """The Spark properties that :func:`session` sets: those of ``conf/spark-defaults.conf``, and the job jar.

    They suit ``spark-submit --conf`` and notebooks whose session others start.
    """
    return {**_properties(), "spark.jars": jars()}


def _properties() -> dict[str, str]:
    try:
        text = _LOADER.get_data(str(_HERE / "spark-defaults.conf")).decode()
    except OSError:  # not of a wheel, but of a checkout
        text = (_HERE.parents[3] / "conf" / "spark-defaults.conf").read_text(encoding="utf-8")
    properties = {}
    for line in text.splitlines():
        words = line.split(None, 1)
        if len(words) == 2 and not words[0].startswith("#"):
            properties[words[0]] = words[1].strip()
    return {**properties, **_OF_PYTHON}


def _unless_submitted() -> dict[str, str]:
    """The properties to set. The JVM of ``spark-submit`` runs already: its jars and properties are the user's."""
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return settings()
    SparkContext._ensure_initialized()  # SparkConf asks the JVM
    given = SparkConf()
    return {key: value for key, value in _properties().items() if not given.contains(key)}


def session(
    *,
    master: Optional[str] = None,
    app_name: str = "kindling",
    conf: Optional[Mapping[str, object]] = None,
    remote: Optional[str] = None,
) -> SparkSession:
    """Starts a Spark session with the right job jar, or returns the one that runs.

    What ``spark-submit`` and ``pyspark`` were given, stays: they need the jar, by ``--jars`` or ``--packages``.

    Parameters
    ----------
    master
        such as ``local[2]`` or ``spark://host:7077``; without it, that of ``spark-submit`` or ``local[*]``
    app_name
        the name in the Spark UI
    conf
        Spark properties, which override Kindling's
    remote
        the Spark Connect server, such as ``sc://host``, which must have been started with the job jar; ``local[2]`` starts one on
        this machine

    Raises
    ------
    KindlingError
        where a session runs already without Kindling's jar or with another line's, or the package has no jar for the installed
        PySpark

    Examples
    --------
    >>> import kindling
    >>> spark = kindling.session(master="local[2]")
    >>> spark.range(3).count()
    3
    """
    if remote is not None and not remote.startswith("local"):
        return SparkSession.builder.remote(remote).getOrCreate()
    properties = _unless_submitted()
    for key, value in (conf or {}).items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        properties[key] = f"{properties[key]},{text}" if key == "spark.jars" and key in properties else text
    if master is None and remote is None and "spark.master" not in properties and not _has_master():
        master = "local[*]"
    builder = SparkSession.builder.appName(app_name)
    if remote is not None:
        builder = builder.remote(remote)
    elif master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not whichever python3 is on the path
    for key, value in properties.items():
        builder = builder.config(key, value)
    started = builder.getOrCreate()
    if not is_remote():
        require_line()
    return started


def _has_master() -> bool:
    return any(os.environ.get(name) for name in ("MASTER", "SPARK_REMOTE", "PYSPARK_GATEWAY_PORT")) or (
        "--master" in os.environ.get("PYSPARK_SUBMIT_ARGS", "")
    )
