"""The job jars that the package carries, one for each Spark line."""

from __future__ import annotations

import os
from pathlib import Path

import pyspark

from kindling.errors import KindlingError

FOLDER = Path(__file__).parent / "job-jars"


def line(version: str) -> str:
    """The Spark line that serves a version of Spark.

    >>> line("3.5.9"), line("4.2.0")
    ('3.5', '4.1')
    """
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) == (3, 5):
        return "3.5"
    if major == 4:
        return "4.1"
    raise KindlingError(f"PySpark must be of version 3.5 or 4, but is {version}: pip install 'pyspark>=3.5,<5'")


def jars() -> str:
    """The path of the job jar for the installed PySpark, as ``spark.jars`` and ``--jars`` take it.

    The environment variable ``KINDLING_JAR`` names another jar instead.

    Raises
    ------
    KindlingError
        where the package has no jar for this PySpark
    """
    given = os.environ.get("KINDLING_JAR", "")
    jar = Path(given) if given else FOLDER / f"kindling-spark-{line(pyspark.__version__)}.jar"
    if not jar.is_file():
        mend = (
            "set KINDLING_JAR to a file, or unset it"
            if given
            else "install the wheel that src/main/python/build makes, or set KINDLING_JAR to a job jar of that Spark line"
        )
        raise KindlingError(f"the job jar for PySpark {pyspark.__version__} must be a file, but there is no {jar}: {mend}")
    return str(jar)
