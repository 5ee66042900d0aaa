"""Checks the Spark operator's YAML in a page: that the operator's own models know each field, and that each property is one of
spark-defaults.conf.

    python spark_operator.py platforms.md spark-defaults.conf     needs kubeflow-spark-api and PyYAML
"""

import re
import sys
from pathlib import Path

import yaml
from kubeflow_spark_api.models.spark_v1beta2_spark_application import SparkV1beta2SparkApplication

page, defaults = (Path(name).read_text() for name in sys.argv[1:])
written = yaml.safe_load(re.search(r"## Spark operator\s+```yaml\n(.*?)```", page, re.DOTALL).group(1))
understood = SparkV1beta2SparkApplication.from_dict(written).to_dict()
assert understood == written, f"the operator does not know all of {written}, but understands {understood}"

lines = [line.split(None, 1) for line in defaults.splitlines() if line and not line.startswith("#")]
properties = {name: value.strip() for name, value in lines}
for name, value in written["spec"]["sparkConf"].items():
    assert properties.get(name) == value, f"{name} is {value} in the page, but {properties.get(name)} in spark-defaults.conf"
print("the operator knows", ", ".join(written["spec"]))
