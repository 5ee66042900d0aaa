"""The Python examples of python.md, and the notebook, on the table they speak of."""

import ast
import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
TUMOURS = ROOT / "src/main/resources/dev/kindling/breast_cancer.csv.gz"


@pytest.fixture
def folder(spark, tmp_path, monkeypatch):
    (tmp_path / "tumours.csv").write_bytes(gzip.decompress(TUMOURS.read_bytes()))
    monkeypatch.chdir(tmp_path)
    spark.sparkContext.setLogLevel("ERROR")
    return tmp_path


def examples(page):
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(), re.M | re.S)


def local(code, folder):
    """Spark's working directory is that of the process, which a test cannot change."""
    return re.sub(r'"(tumours\.[a-z.]+)"', lambda found: repr(str(folder / found.group(1))), code)


def test_the_examples_run(folder):
    pytest.importorskip("matplotlib").use("Agg")
    names = {}
    page = "src/site/markdown/python.md"
    code = examples(page)
    assert code
    for each in code:
        exec(compile(local(each, folder), page, "exec"), names)
    rows = names["model"].transform(names["test"])
    assert rows.where("label = prediction").count() > 0.9 * rows.count()


def test_the_notebook_runs(folder):
    notebook = json.loads((ROOT / "src/site/notebooks/first-steps.ipynb").read_text())
    names = {}
    shown = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            shown.append(run_cell(local("".join(cell["source"]), folder), names))
    assert shown[0] == 569
    assert names["evaluation"].accuracy > 0.9
    for each in (shown[2], shown[3], shown[4]):
        assert "<table>" in each._repr_html_()
    assert shown[-1]._repr_html_().startswith("<iframe")


def run_cell(code, names):
    """Runs a cell, and returns what it would show: the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)
