"""Writes kindling/_params.py: the params of Kindling's classes as they are in Java, for PySpark.

    python generate.py            writes the file
    python generate.py --check    fails if the file is not what would be written

It needs PySpark, and KINDLING_JAR for the job jar unless the package has it.
"""

from __future__ import annotations

import re
import sys
import textwrap
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

FILE = Path(__file__).parent / "kindling" / "_params.py"
WIDTH = 110

# Java's type of a param: Python's type of a value, its converter
TYPES = {
    "Param<java.lang.String>": ("str", "TypeConverters.toString"),
    "IntParam": ("int", "TypeConverters.toInt"),
    "LongParam": ("int", "TypeConverters.toInt"),
    "DoubleParam": ("float", "TypeConverters.toFloat"),
    "BooleanParam": ("bool", "TypeConverters.toBoolean"),
    "IntArrayParam": ("list[int]", "TypeConverters.toListInt"),
    "DoubleArrayParam": ("list[float]", "TypeConverters.toListFloat"),
    "StringArrayParam": ("list[str]", "TypeConverters.toListString"),
    "Param<org.apache.spark.ml.linalg.Vector>": ("Vector", "TypeConverters.toVector"),
    "Param<dev.kindling.table.TableVectorizer>": ("TableVectorizer", "to_stage"),
    "Param<dev.kindling.table.TableVectorizerModel>": ("TableVectorizerModel", "to_stage"),
}
# params that Python lets one set in another form too
CONVERTERS = {"classWeights": ("Union[str, Mapping[int, float]]", "to_class_weights")}

CLASSIFIER = "dev.kindling.ml.MlpClassifier"
CLASSIFICATION_MODEL = "dev.kindling.ml.MlpClassificationModel"
REGRESSOR = "dev.kindling.ml.MlpRegressor"
REGRESSION_MODEL = "dev.kindling.ml.MlpRegressionModel"
VECTORIZER = "dev.kindling.table.TableVectorizer"
VECTORIZER_MODEL = "dev.kindling.table.TableVectorizerModel"

HEAD = '''"""The params of Kindling's estimators and models, as they are in Java.

Made by generate.py: change the Java class, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional, TypeVar, Union

from pyspark import keyword_only
from pyspark.ml.linalg import Vector
from pyspark.ml.param import Param, Params, TypeConverters

from kindling._stage import Settable, to_class_weights, to_stage

if TYPE_CHECKING:
    from kindling.table import TableVectorizer, TableVectorizerModel

P = TypeVar("P", bound=Settable)
'''


@dataclass(frozen=True)
class ParamText:
    name: str
    doc: str
    type: str
    converter: str

    @property
    def title(self) -> str:
        return self.name[0].upper() + self.name[1:]

    @property
    def accepted(self) -> str:
        return CONVERTERS.get(self.name, (self.type,))[0]

    def declaration(self) -> str:
        doc = "\n".join(f"        {part}" for part in quoted(self.doc))
        converter = CONVERTERS.get(self.name, (None, self.converter))[1]
        return (
            f'    {self.name}: Param[{self.type}] = Param(\n        Params._dummy(),\n        "{self.name}",\n{doc},\n'
            f"        typeConverter={converter},\n    )\n"
        )

    def getter(self) -> str:
        return (
            f'    def get{self.title}(self) -> {self.type}:\n        """The value of ``{self.name}``, or its default."""\n'
            f"        return self.getOrDefault(self.{self.name})\n"
        )

    def setter(self) -> str:
        article = "" if self.doc.startswith(("whether", "what", "how", "a ", "columns")) else "the "
        doc = "\n".join(textwrap.wrap(f"Sets {article}{self.doc}.", WIDTH - 11, subsequent_indent="        "))
        return (
            f'    def set{self.title}(self: P, value: {self.accepted}) -> P:\n        """{doc}"""\n'
            f"        return self._with({self.name}=value)\n"
        )


def quoted(text: str) -> list[str]:
    """A Python literal, in lines of which the joined strings are the text."""
    lines = textwrap.wrap(text, WIDTH - 14, drop_whitespace=False)
    return [literal(line) for line in lines]


def literal(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    return repr(value)


class JavaClass:
    """What reflection tells of one of Kindling's classes."""

    def __init__(self, spark: Any, name: str) -> None:
        self.name = name
        self.simple = name.rsplit(".", 1)[-1]
        self.jvm = spark.sparkContext._jvm
        self.methods = list(
            self.jvm.java.lang.Class.forName(
                name, True, self.jvm.java.lang.Thread.currentThread().getContextClassLoader()
            ).getMethods()
        )
        self.types: dict[str, str] = {}
        self.setters: set[str] = set()
        for method in self.methods:
            text = method.getName()
            if method.getParameterCount() == 0:
                type_name = re.sub(r"^class |org\.apache\.spark\.ml\.param\.", "", method.getGenericReturnType().toString())
                if type_name in TYPES:
                    self.types[text] = type_name
            elif text.startswith("set") and method.getParameterCount() == 1:
                self.setters.add(text)
        self.params = sorted((self._param(param) for param in self.make().params()), key=lambda param: param.name)

    def make(self) -> Any:
        made = self.jvm
        for part in self.name.split("."):
            made = getattr(made, part)
        return made(self.simple)

    def _param(self, param: Any) -> ParamText:
        type_name, converter = TYPES[self.types[param.name()]]
        doc = re.sub(r"\s+", " ", param.doc()).strip()
        return ParamText(param.name(), doc, type_name, converter)

    def settable(self) -> list[ParamText]:
        return [param for param in self.params if f"set{param.title}" in self.setters]

    def defaults(self, preset: Optional[str] = None) -> dict[str, Any]:
        made = self.make()
        if preset is not None:
            made.setPreset(preset)
        return {
            param.name: plain(made.getDefault(java).get())
            for param in self.params
            for java in [made.getParam(param.name)]
            if made.hasDefault(java)
        }


def plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) else list(value)


def mixin(name: str, base: str, params: list[ParamText], doc: str) -> str:
    parts = [param.declaration() for param in params] + [param.getter() for param in params]
    return f'\n\nclass {name}({base}):\n    """{doc}"""\n\n' + "\n".join(parts)


def setters(name: str, params: list[ParamText], doc: str) -> str:
    body = "\n".join(param.setter() for param in params)
    return f'\n\nclass {name}(Settable):\n    """{doc}"""\n\n{body}'


def constructor(name: str, base: str, params: list[ParamText]) -> str:
    arguments = "".join(f"        {param.name}: Optional[{param.accepted}] = None,\n" for param in params)
    return (
        f'\n\nclass {name}({base}):\n    """The constructor, whose keywords are the params."""\n\n'
        f"    _input_kwargs: dict[str, Any]\n\n"
        f"    @keyword_only\n    def __init__(\n        self,\n        *,\n{arguments}    ) -> None:\n"
        f"        super().__init__()\n        self._start(self._input_kwargs)\n"
    )


def mapping(name: str, doc: str, values: dict[str, dict[str, Any]]) -> str:
    text = f"\n\n# {doc}\n{name}: dict[str, dict[str, Any]] = {{\n"
    for key, inner in values.items():
        text += f"    {literal(key)}: {{\n"
        text += "".join(f"        {literal(param)}: {literal(value)},\n" for param, value in inner.items())
        text += "    },\n"
    return text + "}\n"


def generate(spark: Any) -> str:
    names = (CLASSIFIER, CLASSIFICATION_MODEL, REGRESSOR, REGRESSION_MODEL, VECTORIZER, VECTORIZER_MODEL)
    classifier, classified, regressor, regressed, vectorizer, vectorized = (JavaClass(spark, name) for name in names)
    for estimator, model in ((classifier, classified), (regressor, regressed)):
        assert estimator.params == model.params, f"{model.name} must have the params of {estimator.name}"
    shared = [param for param in classifier.params if param in regressor.params]
    both = [param for param in classifier.settable() if param in regressor.settable()]

    def others(params: list[ParamText], known: list[ParamText]) -> list[ParamText]:
        return [param for param in params if param not in known]

    text = HEAD
    text += mixin("MlpParams", "Params", shared, "The params that estimators and models share.")
    text += mixin(
        "ClassificationParams", "MlpParams", others(classifier.params, shared), "The params that only classification has."
    )
    text += mixin("RegressionParams", "MlpParams", others(regressor.params, shared), "The params that only regression has.")
    text += mixin("VectorizerParams", "Params", vectorizer.params, "The params of a table vectorizer.")
    text += mixin("VectorizerModelParams", "Params", vectorized.params, "The params of a fitted table vectorizer.")
    text += setters("MlpSetters", both, "The setters that both estimators have.")
    text += setters("ClassifierSetters", others(classifier.settable(), both), "The setters of the classifier alone.")
    text += setters("RegressorSetters", others(regressor.settable(), both), "The setters of the regressor alone.")
    text += setters("ClassificationModelSetters", classified.settable(), "The setters of a classification model.")
    text += setters("RegressionModelSetters", regressed.settable(), "The setters of a regression model.")
    text += setters("VectorizerSetters", vectorizer.settable(), "The setters of a table vectorizer.")
    text += setters("VectorizerModelSetters", vectorized.settable(), "The setters of a fitted table vectorizer.")
    text += constructor("ClassifierInit", "ClassificationParams, MlpSetters, ClassifierSetters", classifier.settable())
    text += constructor("RegressorInit", "RegressionParams, MlpSetters, RegressorSetters", regressor.settable())
    text += constructor("VectorizerInit", "VectorizerParams, VectorizerSetters", vectorizer.settable())
    text += mapping(
        "DEFAULTS",
        "The defaults, by class.",
        {each.simple: each.defaults() for each in (classifier, classified, regressor, regressed, vectorizer, vectorized)},
    )
    presets = list(spark.sparkContext._jvm.dev.kindling.ml.params.ParamSet.presets())
    for each in (classifier, regressor):
        default = each.defaults()
        differing = {
            preset: {name: value for name, value in each.defaults(preset).items() if value != default[name]} for preset in presets
        }
        constant = "CLASSIFIER_PRESETS" if each is classifier else "REGRESSOR_PRESETS"
        text += mapping(constant, f"What each preset changes in the defaults of {each.simple}.", differing)
    return text


def start(**arguments: Any) -> Any:
    """A session, by the package without its __init__, which needs the file that is written here."""
    package = types.ModuleType("kindling")
    package.__path__ = [str(FILE.parent)]
    sys.modules["kindling"] = package
    from kindling._session import session

    return session(**arguments)


def main(words: list[str]) -> int:
    spark = start(master="local[1]", conf={"spark.ui.enabled": False})
    text = generate(spark)
    spark.stop()
    if words == ["--check"]:
        if FILE.read_text(encoding="utf-8") != text:
            print(f"{FILE} must be what generate.py writes, but is not: python generate.py", file=sys.stderr)
            return 1
        return 0
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
