"""What a newcomer does with the wheel: the example of README.md as it stands, save, and load in another process."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
TUMOURS = ROOT / "src/main/resources/dev/kindling/breast_cancer.csv.gz"

SAVE = """
model.write().overwrite().save("tumours.model")
print(model.evaluate(labelled).accuracy)
"""
LOAD = """
import kindling

spark = kindling.session()
model = kindling.MlpClassificationModel.load("tumours.model")
scored = model.transform(spark.read.csv("tumours.csv", header=True, inferSchema=True))
print(sorted(row["count"] for row in scored.groupBy("prediction").count().collect()))
"""


def run(code, folder):
    """The last line that the code prints, run by itself in the folder."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.splitlines()[-1]


def test_the_example_trains_saves_and_is_loaded(tmp_path):
    (tmp_path / "tumours.csv").write_bytes(gzip.decompress(TUMOURS.read_bytes()))
    (example,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert float(run(example + SAVE, tmp_path)) > 0.95
    malignant, benign = eval(run(LOAD, tmp_path))
    assert 190 < malignant < 235 and malignant + benign == 569
