"""The package itself: its jar, its session, its generated params, its examples."""

import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import pyspark
import pytest

import kindling
from kindling import _job_jar, _session, _stage, errors, estimators, listeners, pipelines, results, search, table

ROOT = Path(__file__).parents[4]
ARCHIVE = ROOT / "target/python/kindling.zip"  # src/main/python/build writes it


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
    for side in ("driver", "executor"):
        assert settings[f"spark.{side}.defaultJavaOptions"].startswith("--add-modules=jdk.incubator.vector -XX:Tier4")
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


def by_coordinates(folder):
    """The words that have spark-submit resolve the job jar by its coordinates, in a Maven repository that is this folder."""
    artifact = "kindling-spark3_2.12" if pyspark.__version__.startswith("3.") else "kindling-spark4_2.13"
    place = folder / "repository/dev/kindling" / artifact / "1"
    place.mkdir(parents=True)
    shutil.copy(kindling.jars(), place / f"{artifact}-1.jar")
    (place / f"{artifact}-1.pom").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>dev.kindling</groupId>"
        f"<artifactId>{artifact}</artifactId><version>1</version></project>"
    )
    (folder / "ivy.xml").write_text(f"""<ivysettings><settings defaultResolver="folder"/><resolvers>
<ibiblio name="folder" m2compatible="true" root="{(folder / "repository").as_uri()}"/></resolvers></ivysettings>""")
    ivy = ["--conf", f"spark.jars.ivySettings={folder / 'ivy.xml'}", "--conf", f"spark.jars.ivy={folder / 'ivy'}"]
    return ["--packages", f"dev.kindling:{artifact}:1", *ivy]


def test_spark_submit_takes_the_package_as_an_archive_and_keeps_what_it_was_given(spark, fitted, tmp_path):
    from pyspark.ml import PipelineModel

    PipelineModel(stages=[fitted]).save(str(tmp_path / "model"))
    zipfile.ZipFile(tmp_path / "users.jar", "w").close()
    (tmp_path / "program.py").write_text(f"""
import sys
import kindling
spark = kindling.session()
conf = spark.sparkContext.getConf()
print(kindling.__file__, conf.get("spark.jars"), conf.get("spark.locality.wait"), conf.get("spark.kryo.registrator"))
for name in [each for each in sys.modules if each.split(".")[0] in ("kindling", "dev")]:
    del sys.modules[name]
from pyspark.ml import PipelineModel
print(type(PipelineModel.load({str(tmp_path / "model")!r}).stages[0]).__name__, "kindling" in sys.modules)
""")
    submit = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--master", "local[1]"]
    submit += [*by_coordinates(tmp_path), "--jars", str(tmp_path / "users.jar"), "--py-files", str(ARCHIVE)]
    submit += ["--conf", "spark.ui.enabled=false", "--conf", "spark.locality.wait=7s", str(tmp_path / "program.py")]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    told = subprocess.run(submit, capture_output=True, text=True, check=False, env=environment)
    assert told.returncode == 0, told.stderr[-4000:]
    *_, first, last = told.stdout.splitlines()
    file, given, wait, registrator = first.split()
    assert file.endswith("kindling.zip/kindling/__init__.py")
    arrived, users = sorted(each.rsplit("/", 1)[-1] for each in given.split(","))
    assert arrived.startswith("dev.kindling_kindling-spark") and users == "users.jar"
    assert (wait, registrator) == ("7s", "dev.kindling.ml.KryoClasses")
    assert last == "MlpClassificationModel True"


METHODS = (types.FunctionType, classmethod, staticmethod, property)
MODULES = [kindling, _job_jar, _session, _stage, errors, estimators, listeners, pipelines, results, search, table]


@pytest.mark.parametrize("module", MODULES)
def test_examples_do_what_they_show(spark, module):
    runner = doctest.DocTestRunner()
    parser = doctest.DocTestParser()
    for name, text in documented(module):
        runner.run(parser.get_doctest(text, {**vars(module)}, name, module.__file__, 0))
    assert runner.failures == 0


def test_examples_of_methods_are_among_them():
    names = {name for module in MODULES for name, text in documented(module) if ">>>" in text}
    assert {"MlpClassifier", "MlpModel.register", "MlpModel.fromPyTorch", "exportOnnx", "session"} <= names


def documented(module):
    """Names and texts of a module, its classes, functions and methods, whatever a class calls its module."""
    found = [(module.__name__, module.__doc__ or "")]
    for name, each in vars(module).items():
        of = getattr(each, "__module__", "")
        if callable(each) and (of == module.__name__ or (of.startswith("dev.kindling") and module is not kindling)):
            found.append((name, each.__doc__ or ""))
            if isinstance(each, type):
                methods = {key: value for key, value in vars(each).items() if isinstance(value, METHODS)}
                # Python 3.9 has a class method's text at its function alone
                found += [(f"{name}.{key}", getattr(value, "__func__", value).__doc__ or "") for key, value in methods.items()]
    return found


def test_session_returns_the_one_that_runs(spark):
    assert _session.session() is spark or _session.session().sparkContext is spark.sparkContext
