"""Listeners, checks, the range test and the search."""

import io

import numpy as np
import pytest

import kindling


def test_listeners_hear_epochs_and_steps(classifier, flowers, tmp_path):
    class Ear(kindling.TrainListener):
        def __init__(self):
            self.heard = []

        def started(self, network, rows, epochs):
            self.heard.append((network, rows, epochs))

        def stepped(self, number, loss, learningRate, gradientNorm):
            self.heard.append(number)

        def ended(self, epoch):
            self.heard.append(epoch)

        def finished(self):
            self.heard.append("finished")

    ear, out, report = Ear(), io.StringIO(), kindling.TrainingReport("flowers")
    board = kindling.TensorBoard(str(tmp_path / "board"))
    model = classifier.setListener(ear, kindling.Progress(out), report, board).setMaxIter(3).fit(flowers)
    assert ear.heard[0] == (model.network, model.summary.rows, 3)
    steps = [each for each in ear.heard if isinstance(each, int)]
    assert steps == list(range(1, model.summary.steps + 1))
    assert [each for each in ear.heard if isinstance(each, kindling.Epoch)] == model.summary.history
    assert ear.heard[-1] == "finished"
    assert "epoch 3/3" in out.getvalue()
    assert "flowers" in report.page()
    report.write(str(tmp_path / "report.html"))
    assert (tmp_path / "report.html").read_text().startswith("<!")
    assert list((tmp_path / "board").iterdir())


def test_the_checkup_finds_faults(classifier, people, flowers):
    assert classifier.check(flowers).healthy
    checkup = classifier.setFeaturesCols(["age", "city"]).check(people, people)
    assert not checkup.healthy
    assert any(each.severity == "error" for each in checkup.findings)
    assert "not healthy" in str(checkup)
    assert "<table>" in checkup._repr_html_()


def test_the_range_test_suggests_a_rate(classifier, flowers, tmp_path):
    found = classifier.learningRateRange(flowers)
    assert found.suggested is None or 1e-7 < found.suggested < 10
    assert len(found.points) >= 10
    found.write(str(tmp_path / "range.html"))
    assert "learning rate" in found.advice


@pytest.mark.parametrize("learner", [kindling.MlpClassifier, kindling.MlpRegressor])
def test_epochs_on_more_executors_are_predicted(learner, flowers):
    mlp = learner(hiddenLayers=[8], batchSize=32, members=1, seed=3)
    plan = mlp.scalePlan(flowers, 4)
    assert plan.secondsPerEpoch(4) > 0
    assert plan.secondsPerEpoch(4, localSteps=4) > 0
    assert "predicted seconds an epoch" in str(plan)
    with pytest.raises(kindling.KindlingError, match="between 1 and 256, but is 0"):
        plan.secondsPerEpoch(0)
    with pytest.raises(kindling.KindlingError, match="between 1 and 256, but is 257"):
        mlp.scalePlan(flowers, 257)


def test_a_search_finds_params_to_fit_with(classifier, flowers):
    classifier.setMaxIter(4)
    space = (
        kindling.RandomParamGrid(classifier, seed=1)
        .add(classifier.stepSize, "logUniform(1e-3, 1e-1)")
        .add(classifier.hiddenLayers, [[4], [8, 4]])
        .add(classifier.optimizer, ["adam", "sgd"])
    )
    result = kindling.MlpSearch(classifier, space, trials=4, folds=2).run(flowers)
    assert len(result.trials) == 4
    assert result.best.score == min(each.score for each in result.trials if each.state == "done")
    assert set(result.bestParams) == {classifier.stepSize, classifier.hiddenLayers, classifier.optimizer}
    assert classifier.fit(flowers, result.bestParams).getHiddenLayers() == result.best.params["hiddenLayers"]
    assert [set(each) for each in space.build(2)] == [set(result.bestParams)] * 2


def test_a_space_has_distributions_of_numbers_only(classifier):
    with pytest.raises(kindling.KindlingError, match="must have a list of values"):
        kindling.RandomParamGrid(classifier).add(classifier.optimizer, "uniform(0, 1)")


def test_reliability_is_that_of_the_predicted_probabilities(people):
    fields = {"labelCol": "label", "featuresCols": ["age"], "hiddenLayers": [4], "maxIter": 5, "members": 1, "seed": 1}
    model = kindling.MlpClassifier(**fields).fit(people)
    scored = model.transform(people).collect()
    probabilities = np.array([row.probability[1] for row in scored])
    labels = np.array([row.label for row in scored])
    points = model.evaluate(people).reliability
    assert sum(each.weight for each in points) == 120
    assert sum(each.weight * each.predicted for each in points) == pytest.approx(probabilities.sum(), rel=0.01)
    assert sum(each.weight * each.observed for each in points) == labels.sum() == 40
    for each in points:
        group = int(each.predicted * 10)
        inside = (probabilities * 10).astype(int) == group
        if each.weight == inside.sum():  # a probability near an edge may lie in the next group: bins are of log odds
            assert each.observed == pytest.approx(labels[inside].mean())
    assert any(each.weight == ((probabilities * 10).astype(int) == int(each.predicted * 10)).sum() for each in points)


def test_plots_are_drawn(classifier, fitted, flowers):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    assert fitted.summary.plot().get_xlabel() == "epoch"
    evaluation = fitted.evaluate(flowers)
    assert evaluation.plot().get_ylabel() == "actual"
    _, curve = evaluation.plotCalibration().get_lines()
    assert list(curve.get_xdata()) == [each.predicted for each in evaluation.reliability]
    assert classifier.learningRateRange(flowers).plot().get_xscale() == "log"
