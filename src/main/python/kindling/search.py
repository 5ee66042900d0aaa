"""Hyper-parameter search."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional, Union

from pyspark.ml.param import Param
from pyspark.sql import DataFrame

from kindling._stage import classic, java_class, java_list, new_java, require_rows
from kindling.errors import KindlingError, sentences
from kindling.estimators import MlpEstimator
from kindling.listeners import framed

ParamMap = dict[Param, Any]


class RandomParamGrid:
    """Random maps of params, for :class:`MlpSearch`, CrossValidator and TrainValidationSplit.

    The same seed, params and order of calls give the same maps, as in Java.

    Examples
    --------
    >>> import kindling
    >>> spark = kindling.session()
    >>> mlp = kindling.MlpClassifier()
    >>> space = kindling.RandomParamGrid(mlp, seed=1)
    >>> space = space.add(mlp.stepSize, "logUniform(1e-4, 1e-1)").add(mlp.hiddenLayers, [[32], [128, 64]])
    >>> len(space.build(5))
    5
    """

    def __init__(self, estimator: MlpEstimator, seed: int = 0) -> None:
        classic("a random grid of params")
        self._estimator = estimator
        self._names: list[str] = []
        self._java = new_java("dev.kindling.ml.search.RandomParamGrid", seed)

    @staticmethod
    def auto(estimator: MlpEstimator, seed: int = 0) -> RandomParamGrid:
        """The space to look in where nothing is known. Params that are set on the estimator keep their values."""
        grid = RandomParamGrid(estimator, seed)
        grid._java = java_class("dev.kindling.ml.search.RandomParamGrid").auto(estimator._to_java(), seed)
        grid._names = [param.name() for param in grid._java.params()]
        return grid

    def add(self, param: Param, values: Union[str, Sequence[Any]]) -> RandomParamGrid:
        """Draws the param from a distribution such as ``uniform(0, 0.5)``, ``logUniform(1e-4, 1e-1)`` or ``int(1, 5)``, or from
        a list of values."""
        java_param = self._estimator._java_obj.getParam(param.name)
        with sentences():
            if isinstance(values, str):
                if java_param.getClass().getSimpleName() not in ("DoubleParam", "IntParam"):
                    raise KindlingError(f"{param.name} must have a list of values to draw from, but has {values}")
                self._java.add(java_param, values)
            else:
                converted = [self._estimator._checked(param, param.typeConverter(each)) for each in values]
                self._java.add(java_param, java_list(converted))
        self._names.append(param.name)
        return self

    def build(self, trials: int) -> list[ParamMap]:
        """The maps of so many trials."""
        with sentences():
            maps = self._java.build(trials)
        return [self._map(each) for each in maps]

    def _map(self, java_map: Any) -> ParamMap:
        found: ParamMap = {}
        for name in self._names:
            param = self._estimator.getParam(name)
            value = java_map.apply(self._estimator._java_obj.getParam(name))
            found[param] = param.typeConverter(list(value) if not isinstance(value, (str, int, float)) else value)
        return found


class Trial(NamedTuple):
    """One map of params and its result. ``state`` is ``done``, ``stopped``, ``diverged`` or ``refused``; of these two,
    ``problem`` says why. ``curve`` has the score after each epoch."""

    number: int
    stage: int
    params: dict[str, Any]
    score: Optional[float]
    epochs: int
    state: str
    problem: str
    curve: list[Optional[float]]


@dataclass(frozen=True)
class SearchResult:
    """The result of a search: its trials, the best first.

    ``bestParams`` suit ``estimator.fit(rows, result.bestParams)``.
    """

    trials: list[Trial] = field(repr=False)
    bestParams: ParamMap
    metric: str
    advice: str
    page: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def best(self) -> Trial:
        """The best trial."""
        return self.trials[0]

    @staticmethod
    def _of(java: Any, space: RandomParamGrid) -> SearchResult:
        values = json.loads(java.toJson())
        details = {each["number"]: each for each in values["trials"]}
        trials = []
        for each in java.trials():
            detail = details[each.result().number()]
            trials.append(
                Trial(
                    detail["number"],
                    detail["stage"],
                    {param.name: value for param, value in space._map(each.params()).items()},
                    detail["score"],
                    detail["epochs"],
                    detail["state"],
                    detail["problem"],
                    [score for _, score in detail["curve"]],
                )
            )
        return SearchResult(trials, space._map(java.bestParams()), java.metric(), java.advice(), java.page(), java.toString())

    def __str__(self) -> str:
        return self.text

    def write(self, path: str) -> None:
        """Writes the page with the trials to a local file, in HTML."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.page)

    def _repr_html_(self) -> str:
        return framed(self.page)


class MlpSearch:
    """Looks for the params with which an estimator trains best: random search by cross-validation, with successive halving. All
    trials train at once over the same cached rows.

    Parameters
    ----------
    estimator
        its own params apply where the space has none; it is not changed
    space
        without it, :meth:`RandomParamGrid.auto`
    trials
        how many maps of params to try in each stage
    folds
        how many folds to validate over; 1: on the estimator's rows to validate on
    reduction
        one in how many trials continues at each rung; 1: all
    leastEpochs
        the epochs before trials are first compared; 0: chosen
    stages
        how many times to draw, each time nearer to what was best
    minutes
        about how long to search, instead of a number of stages; 0: no clock
    atOnce
        how many fits are under way at once; it changes no result
    metric
        what to compare trials by: ``loss`` or a metric
    """

    def __init__(
        self,
        estimator: MlpEstimator,
        space: Optional[RandomParamGrid] = None,
        *,
        trials: int = 16,
        folds: int = 3,
        reduction: int = 3,
        leastEpochs: int = 0,
        stages: int = 1,
        minutes: float = 0,
        atOnce: int = 48,
        metric: str = "loss",
    ) -> None:
        classic("a search")
        self._space = space if space is not None else RandomParamGrid.auto(estimator)
        with sentences():
            self._java = new_java("dev.kindling.ml.search.MlpSearch", estimator._to_java(), self._space._java)
            self._java.setTrials(trials).setFolds(folds).setReduction(reduction).setLeastEpochs(leastEpochs)
            self._java.setStages(stages).setMinutes(float(minutes)).setAtOnce(atOnce).setMetric(metric)

    def run(self, dataset: DataFrame) -> SearchResult:
        """Tries them all.

        Raises
        ------
        KindlingError
            where no trial could be trained, and for rows as ``fit`` refuses them
        """
        require_rows(dataset)
        with sentences():
            return SearchResult._of(self._java.run(dataset._jdf), self._space)
