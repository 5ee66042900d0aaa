"""Writes src/test/resources/golden/linear.json: what scikit-learn and the normal equations make of the bundled data.

    pip install scikit-learn numpy
    python3 src/test/python/agreement.py

Run by hand, never by Maven; AgreementTest reads the file. Features are standardized with the population's deviation,
but for those of 0 and 1 alone.
scikit-learn minimises C * sum of losses + |w|^2 / 2, Kindling the mean loss + l2 * |w|^2 / 2, hence C = 1 / (rows * l2).
"""

import csv
import gzip
import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

HERE = pathlib.Path(__file__).parents[2]
FILE = HERE / "test" / "resources" / "golden" / "linear.json"
L2 = 0.01


def table(name, label):
    with gzip.open(HERE / "main" / "resources" / "dev" / "kindling" / f"{name}.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    features = [column for column in rows[0] if column != label]
    x = np.array([[float(row[column]) for column in features] for row in rows])
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation[deviation == 0] = 1
    binary = np.isin(x, (0, 1)).all(axis=0)
    mean[binary], deviation[binary] = 0, 1
    return (x - mean) / deviation, [row[label] for row in rows]


def logistic(name, label):
    x, labels = table(name, label)
    y = np.searchsorted(sorted(set(labels)), labels)
    model = LogisticRegression(C=1 / (len(x) * L2), tol=1e-12, max_iter=100_000).fit(x, y)
    return {
        "data": name,
        "label": label,
        "l2": L2,
        "coefficients": model.coef_.ravel().round(9).tolist(),
        "intercepts": model.intercept_.round(9).tolist(),
    }


def ridge(name, label):
    x, labels = table(name, label)
    y = np.array([float(text) for text in labels])
    # mean of (y - t)^2 + l2 / 2 * |w|^2; the intercept is the mean, since the columns are centred
    a = 2 * x.T @ x / len(x) + L2 * np.eye(x.shape[1])
    w = np.linalg.solve(a, 2 * x.T @ (y - y.mean()) / len(x))
    return {
        "data": name,
        "label": label,
        "l2": L2,
        "coefficients": w.round(9).tolist(),
        "intercepts": [round(float(y.mean()), 9)],
    }


golden = {
    "generator": f"src/test/python/agreement.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "fits": [logistic("breast_cancer", "diagnosis"), logistic("digits", "digit"), ridge("diabetes", "progression")],
}
FILE.write_text(json.dumps(golden, indent=1).replace(",\n    ", ", ") + "\n", encoding="utf-8")
print(f"{FILE}: {FILE.stat().st_size:,} bytes")
