"""Writes src/test/resources/golden/metrics.json: predictions, and what scikit-learn makes of them in double.

    pip install "scikit-learn>=1.7" numpy
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
    return scored(name, actual, probabilities, weights)


def tied(name, seed, count, absent=None):
    """Few different probabilities; perhaps a class without rows."""
    random = np.random.default_rng(seed)
    actual = random.integers(0, count, 250)
    actual[actual == absent] = 0
    shares = random.multinomial(5, np.full(count, 1 / count), 250) + 2 * np.eye(count)[actual]
    return scored(name, actual, shares / 7, random.integers(0, 4, 250).astype(float))


def scored(name, actual, probabilities, weights):
    count = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    classes = range(count)
    ranked = [c for c in classes if 0 < (actual == c).sum() < len(actual)]
    complete = len(ranked) == count
    second = count == 2
    each = metrics.precision_recall_fscore_support(
        actual, predicted, labels=classes, sample_weight=weights, zero_division=0
    )
    onehot = np.eye(count)[actual]
    scores = probabilities[:, 1] if second else probabilities
    return {
        "name": name,
        "actual": actual.tolist(),
        "probabilities": probabilities.tolist(),
        "weights": weights.tolist(),
        "accuracy": metrics.accuracy_score(actual, predicted, sample_weight=weights),
        "balancedAccuracy": metrics.balanced_accuracy_score(actual, predicted, sample_weight=weights),
        "f1": metrics.f1_score(actual, predicted, average="weighted", sample_weight=weights, zero_division=0),
        "logLoss": metrics.log_loss(actual, probabilities, sample_weight=weights, labels=classes),
        "brier": metrics.brier_score_loss(actual, scores, sample_weight=weights, labels=classes),
        "calibrationError": calibration_error(actual, probabilities, weights),
        "auc": metrics.roc_auc_score(actual, scores, multi_class="ovr", sample_weight=weights, labels=classes)
        if complete
        else None,
        "averagePrecision": metrics.average_precision_score(
            onehot[:, 1] if second else onehot, scores, average="macro", sample_weight=weights
        )
        if complete
        else None,
        "aucOfEach": {
            c: metrics.roc_auc_score(actual == c, probabilities[:, c], sample_weight=weights) for c in ranked
        },
        "averagePrecisionOfEach": {
            c: metrics.average_precision_score(actual == c, probabilities[:, c], sample_weight=weights) for c in ranked
        },
        "ofEach": np.array(each).T.tolist(),
    }


def calibration_error(actual, probabilities, weights):
    """Guo et al. 2017, equation 3, with 15 bins: scikit-learn has none."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == actual
    error = 0
    for k in range(15):
        within = (top > k / 15) & (top <= (k + 1) / 15)
        if weights[within].sum() > 0:
            accuracy = np.average(right[within], weights=weights[within])
            confidence = np.average(top[within], weights=weights[within])
            error += weights[within].sum() / weights.sum() * abs(accuracy - confidence)
    return error


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
        "mape": metrics.mean_absolute_percentage_error(targets, predictions, sample_weight=weights),
        "rmseOfEach": np.sqrt(metrics.mean_squared_error(targets, predictions, **kept)).tolist(),
        "maeOfEach": metrics.mean_absolute_error(targets, predictions, **kept).tolist(),
        "r2OfEach": metrics.r2_score(targets, predictions, **kept).tolist(),
        "mapeOfEach": metrics.mean_absolute_percentage_error(targets, predictions, **kept).tolist(),
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
        tied("two classes with ties", 9, 2),
        tied("four classes with ties", 10, 4),
        tied("four classes with ties, of which one has no rows", 11, 4, absent=2),
    ],
    "values": [
        drawn("mean 0", 5, [0.0], False),
        drawn("mean 1e9", 6, [1e9], False),
        drawn("mean 1e12", 7, [1e12], True),
        drawn("three targets of different size", 8, [3.0, -1e9, 1e12], True),
        constant("a constant predicted as it is", 1e9, 0.0),
        constant("a constant predicted wrong", 1e9, 0.5),
        constant("zeros", 0.0, 0.5),
    ],
}
TARGET.write_text(json.dumps(golden) + "\n")
