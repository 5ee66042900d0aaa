"""The package itself: its jar, its session, its generated params, its examples."""

import doctest
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

import kindling
from kindling import _job_jar, _session, _stage, errors, estimators, listeners, results, search, table

ROOT = Path(__file__).parents[4]


def test_the_version_is_mavens():
    pom = re.search(r"<version>(.*?)</version>", (ROOT / "pom.xml").read_text())
    project = re.search(r'^version = "(.*)"', (ROOT / "src/main/python/pyproject.toml").read_text(), re.M)
    assert project.group(1) == pom.group(1).replace("-SNAPSHOT", ".dev0")


def test_the_params_are_javas(spark):
    spec = importlib.util.spec_from_file_location("generate", ROOT / "src/main/python/generate.py")
    generate = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = generate  # dataclasses look their module up
    spec.loader.exec_module(generate)
    assert generate.FILE.read_text() == generate.generate(spark), "python generate.py writes it"


def test_a_missing_jar_is_a_sentence_that_mends_it(monkeypatch):
    monkeypatch.setenv("KINDLING_JAR", "/nowhere/kindling.jar")
    with pytest.raises(kindling.KindlingError, match=r"must be a file, but there is no /nowhere/kindling.jar: set"):
        kindling.jars()
    monkeypatch.delenv("KINDLING_JAR")
    monkeypatch.setattr(_job_jar, "FOLDER", Path("/nowhere"))
    with pytest.raises(kindling.KindlingError, match="install the wheel"):
        kindling.jars()


def test_a_spark_that_no_jar_serves_is_a_sentence():
    with pytest.raises(kindling.KindlingError, match=r"must be of version 3.5 or 4, but is 3.4.1"):
        _job_jar.line("3.4.1")


def test_the_jar_of_another_line_is_a_sentence(monkeypatch):
    own = Path(kindling.jars())
    (other,) = set(own.parent.glob("kindling-spark-*.jar")) - {own}
    program = """
import kindling
try:
    kindling.session(master="local[1]", conf={"spark.ui.enabled": False})
except kindling.KindlingError as error:
    print(error)
try:
    kindling.MlpClassifier()
except kindling.KindlingError as error:
    print(error)
"""
    monkeypatch.setenv("KINDLING_JAR", str(other))
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[-1] == told[-2]
    assert told[-1].startswith(f"Spark {pyspark.__version__} with Scala ")
    assert told[-1].endswith("--jars $(python -m kindling jars), without KINDLING_JAR")


def test_the_command_prints_the_jar():
    printed = subprocess.run([sys.executable, "-m", "kindling", "jars"], capture_output=True, text=True, check=False)
    assert printed.stdout.strip() == kindling.jars()
    refused = subprocess.run([sys.executable, "-m", "kindling", "jar"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr == "kindling: the command must be jars, but is jar\n"


def test_the_settings_are_those_of_the_launcher():
    settings = kindling.settings()
    assert settings["spark.kryo.registrator"] == "dev.kindling.ml.KryoClasses"
    assert settings["spark.driver.defaultJavaOptions"] == "--add-modules=jdk.incubator.vector"
    assert settings["spark.kryo.registrationRequired"] == "false"


def test_without_a_session_or_its_jar_an_estimator_says_what_to_do(tmp_path):
    program = """
import kindling
try:
    kindling.MlpClassifier()
except kindling.KindlingError as error:
    print(error)
from pyspark.sql import SparkSession
SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
try:
    kindling.MlpClassifier()
except kindling.KindlingError as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.splitlines()
    assert told[-2].endswith("but none does: spark = kindling.session()")
    assert "was started without it: restart Python" in told[-1]


def test_a_fresh_process_loads_a_pipeline_without_importing_kindling(spark, classifier, flowers, tmp_path):
    from pyspark.ml import Pipeline

    Pipeline(stages=[classifier]).fit(flowers).save(str(tmp_path / "model"))
    code = f"""
from pyspark.ml import PipelineModel
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[1]").config("spark.jars", {kindling.jars()!r})
builder.config("spark.ui.enabled", "false").getOrCreate()
print(type(PipelineModel.load({str(tmp_path / "model")!r}).stages[0]).__name__)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1:] == ["MlpClassificationModel"], told.stderr


@pytest.mark.parametrize("module", [kindling, _job_jar, _session, _stage, errors, estimators, listeners, results, search, table])
def test_examples_do_what_they_show(spark, module):
    runner = doctest.DocTestRunner()
    parser = doctest.DocTestParser()
    for each in [module, *vars(module).values()]:
        if each is module or _is_of(each, module):
            name = f"{module.__name__}.{getattr(each, '__name__', '')}"
            runner.run(parser.get_doctest(each.__doc__ or "", {**vars(module)}, name, module.__file__, 0))
    assert runner.failures == 0


def _is_of(each, module):
    """Whether a module defines a class or a function, whatever the class calls its module."""
    name = getattr(each, "__module__", "")
    return callable(each) and (name == module.__name__ or (name.startswith("dev.kindling") and module is not kindling))


def test_session_returns_the_one_that_runs(spark):
    assert _session.session() is spark or _session.session().sparkContext is spark.sparkContext
