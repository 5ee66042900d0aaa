"""Writes src/test/resources/golden/metrics.json: predictions, and what scikit-learn makes of them in double.

    pip install scikit-learn numpy
    python3 src/test/python/golden_metrics.py

Run by hand, never by Maven. GoldenMetricsTest reads the file.
"""

import json
import pathlib

import numpy as np
from sklearn import metrics

TARGET = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "metrics.json"


def classes(name, seed, rows, count, weighted, certainty):
    random = np.random.default_rng(seed)
    actual = random.integers(0, count, rows)
    logits = random.normal(size=(rows, count)) + certainty * np.eye(count)[actual]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = (odds / odds.sum(axis=1, keepdims=True)).round(9)
    if certainty > 2:  # some certain rows, right and wrong
        probabilities[0] = np.eye(count)[actual[0]]
        probabilities[1] = np.eye(count)[(actual[1] + 1) % count]
    weights = random.uniform(0, 3, rows).round(3) if weighted else np.ones(rows)
    predicted = probabilities.argmax(axis=1)
    ranked = [c for c in range(count) if 0 < (actual == c).sum() < rows]
    return {
        "name": name,
        "actual": actual.tolist(),
        "probabilities": probabilities.tolist(),
        "weights": weights.tolist(),
        "accuracy": metrics.accuracy_score(actual, predicted, sample_weight=weights),
        "f1": metrics.f1_score(actual, predicted, average="weighted", sample_weight=weights, zero_division=0),
        "logLoss": metrics.log_loss(actual, probabilities, sample_weight=weights, labels=range(count)),
        "rocArea": [metrics.roc_auc_score(actual == c, probabilities[:, c], sample_weight=weights) for c in ranked],
        "averagePrecision": [
            metrics.average_precision_score(actual == c, probabilities[:, c], sample_weight=weights) for c in ranked
        ],
    }


def values(name, targets, predictions, weights):
    kept = {"multioutput": "raw_values", "sample_weight": weights}
    return {
        "name": name,
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "weights": weights.tolist(),
        "rmse": float(np.sqrt(metrics.mean_squared_error(targets, predictions, sample_weight=weights))),
        "mae": metrics.mean_absolute_error(targets, predictions, sample_weight=weights),
        "r2": metrics.r2_score(targets, predictions, sample_weight=weights),
        "rmseOfEach": np.sqrt(metrics.mean_squared_error(targets, predictions, **kept)).tolist(),
        "maeOfEach": metrics.mean_absolute_error(targets, predictions, **kept).tolist(),
        "r2OfEach": metrics.r2_score(targets, predictions, **kept).tolist(),
    }


def drawn(name, seed, means, weighted):
    random = np.random.default_rng(seed)
    rows = 200
    targets = random.normal(means, 10, (rows, len(means))).round(3)
    predictions = (targets + random.normal(0, 4, targets.shape)).round(3)
    return values(name, targets, predictions, random.uniform(0, 3, rows).round(3) if weighted else np.ones(rows))


def constant(name, value, error):
    targets = np.full((50, 1), value)
    return values(name, targets, targets + error, np.ones(50))


golden = {
    "classes": [
        classes("two classes", 1, 400, 2, False, 1.5),
        classes("three weighted classes", 2, 400, 3, True, 1.0),
        classes("five classes, some of them certain", 3, 300, 5, False, 3.0),
        classes("six weighted classes", 4, 900, 6, True, 0.5),
    ],
    "values": [
        drawn("mean 0", 5, [0.0], False),
        drawn("mean 1e9", 6, [1e9], False),
        drawn("mean 1e12", 7, [1e12], True),
        drawn("three targets of different size", 8, [3.0, -1e9, 1e12], True),
        constant("a constant predicted as it is", 1e9, 0.0),
        constant("a constant predicted wrong", 1e9, 0.5),
    ],
}
TARGET.write_text(json.dumps(golden) + "\n")
