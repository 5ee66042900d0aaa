"""Writes src/test/resources/golden/ensemble.json: means of several networks' predictions, and temperatures, by SciPy in float64.

    pip install numpy scipy
    python3 src/test/python/golden_ensemble.py

Run by hand, never by Maven; AveragingTest and TemperatureTest read the file. Logits are rounded to float32 first.
"""

import json
import pathlib

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, logsumexp, softmax

FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "ensemble.json"
rng = np.random.default_rng(20261130)


def float32(values):
    return np.asarray(values, np.float32).astype(np.float64)


def flat(values):
    return [float(f"{x:.17g}") for x in np.asarray(values).reshape(-1)]


def averages():
    """(loss, outputs): the logits of some networks, and the logits and predictions of their mean."""
    for loss, outputs, networks, spread in [
        ("softmaxCrossEntropy", 3, 4, 2.0),
        ("softmaxCrossEntropy", 5, 2, 90.0),
        ("focal", 2, 3, 5.0),
        ("multiclassHinge", 4, 3, 1.0),
        ("sigmoidCrossEntropy", 1, 5, 3.0),
        ("sigmoidCrossEntropy", 1, 2, 60.0),
        ("poisson", 2, 3, 3.0),
        ("squaredError", 3, 4, 100.0),
        ("quantile(tau=0.9)", 1, 2, 1.0),
    ]:
        logits = float32(rng.normal(0, spread, (networks, 6, outputs)))
        if loss.startswith("sigmoid"):
            log_one = logsumexp(-np.logaddexp(0, -logits), axis=0) - np.log(networks)
            log_zero = logsumexp(-np.logaddexp(0, logits), axis=0) - np.log(networks)
            mean, predictions = log_one - log_zero, expit(logits).mean(0)
        elif loss == "poisson":
            mean, predictions = logsumexp(logits, axis=0) - np.log(networks), np.exp(logits).mean(0)
        elif loss.startswith(("squared", "quantile")):
            mean = predictions = logits.mean(0)
        else:
            mean = logsumexp(log_softmax(logits, axis=2), axis=0) - np.log(networks)
            predictions = softmax(logits, axis=2).mean(0)
        yield {
            "loss": loss,
            "outputs": outputs,
            "networks": [flat(each) for each in logits],
            "logits": flat(mean),
            "predictions": flat(predictions),
        }


def temperatures():
    """Logits, classes and weights of rows, and the temperature with the lowest log loss of Platt's smoothed targets."""
    for outputs, rows, sharpness, noise in [(3, 200, 3.0, 1.0), (3, 50, 0.2, 1.0), (1, 120, 4.0, 1.0), (10, 400, 1.0, 0.5), (2, 30, 5.0, 0.0)]:
        classes = max(2, outputs)
        labels = rng.integers(0, classes, rows)
        truth = np.eye(classes)[labels] * 2 + noise * rng.normal(0, 1.5, (rows, classes))
        logits = float32(sharpness * (truth[:, 1:] - truth[:, :1] if outputs == 1 else truth))
        weights = rng.integers(1, 4, rows).astype(float)
        full = np.hstack([np.zeros((rows, 1)), logits]) if outputs == 1 else logits
        other = 1 / (rows + 2) / (classes - 1)
        targets = np.where(np.eye(classes)[labels] == 1, 1 - (classes - 1) * other, other)

        def loss(log_temperature):
            return -np.sum(weights[:, None] * targets * log_softmax(full / np.exp(log_temperature), axis=1))

        best = minimize_scalar(loss, bounds=(-6, 6), method="bounded", options={"xatol": 1e-12, "maxiter": 1000})
        yield {
            "outputs": outputs,
            "labels": [int(label) for label in labels],
            "weights": flat(weights),
            "logits": flat(logits),
            "temperature": float(np.exp(best.x)),
        }


FILE.write_text(json.dumps({"averages": list(averages()), "temperatures": list(temperatures())}) + "\n")
