"""Scores of scikit-learn's linear model, perceptron and histogram gradient boosting on the tables of a folder.

    python3 src/bench/python/tables.py FOLDER SEEDS

Prints a line of JSON for each table and learner, or, where Python lacks scikit-learn or pandas, "missing". A table that a learner
cannot do has no line, and standard error says why. Everything is scikit-learn's default except what stands here. The perceptron has
128-64 units, Adam at 2e-3, batches of 128, 40 epochs, or 60 for a regression, whose target is scaled; it is the mean of the seeds.
"""

import json
import os
import pathlib
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin stand still on a machine that others use

folder, seeds = pathlib.Path(sys.argv[1]), range(1, int(sys.argv[2]) + 1)
try:
    import numpy as np
    import pandas as pd
    from sklearn.compose import TransformedTargetRegressor, make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.metrics import accuracy_score, log_loss, r2_score, roc_auc_score
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
except ImportError:
    print("missing")
    sys.exit()
warnings.filterwarnings("ignore")

DAY = pd.Timedelta(days=1)
ISO_DATE = r"\d{4}-\d\d-\d\d([ T].*)?"
MOST_ONE_HOT, MOST_NATIVE = 300, 254  # categories of a column; boosting takes at most 255, one of them for missing


def read(table, part):
    return pd.read_csv(folder / f"{table}_{part}.csv.gz", keep_default_na=False, na_values=[""], low_memory=False)


def is_text(column):
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def prepare(train, test):
    """Dates become day number, month and weekday; columns of text that are mostly unique go. Returns the columns of numbers and of text."""
    for name in list(train):
        texts = train[name].dropna().astype(str)
        if is_text(train[name]) and len(texts) and texts.str.fullmatch(ISO_DATE).all():
            for rows in (train, test):
                when = pd.to_datetime(rows.pop(name), utc=True)
                rows[f"{name}_day"] = (when - pd.Timestamp(0, tz="UTC")) / DAY
                rows[f"{name}_month"], rows[f"{name}_weekday"] = when.dt.month, when.dt.weekday
        elif is_text(train[name]) and train[name].nunique() > len(train) / 2:
            train.drop(columns=name, inplace=True)
            test.drop(columns=name, inplace=True)
    texts = [name for name in train if is_text(train[name]) or is_text(test[name])]
    numbers = [name for name in train if name not in texts]
    for rows in (train, test):
        rows[texts] = rows[texts].astype(object).where(rows[texts].notna(), "(missing)").astype(str)
        rows[numbers] = rows[numbers].astype(float)
    return numbers, texts


def encoders(train, numbers, texts):
    """For the linear model and the perceptron, and for boosting, which takes missing values and categories as they are."""
    dense = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_ONE_HOT, sparse_output=False), texts),
    )
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    few = [len(numbers) + i for i, name in enumerate(texts) if train[name].nunique() <= MOST_NATIVE]
    return dense, make_column_transformer(("passthrough", numbers), (codes, texts)), few or None


def fitted(model, x, y):
    start = time.perf_counter()
    return model.fit(x, y), time.perf_counter() - start


def classified(model, x, y, test_x, test_y):
    model, seconds = fitted(model, x, y)
    probabilities = model.predict_proba(test_x)
    classes = list(model.classes_)
    figures = {
        "score": accuracy_score(test_y, model.classes_[probabilities.argmax(1)]),
        "logLoss": log_loss(test_y, probabilities, labels=classes),
        "seconds": seconds,
    }
    if len(classes) == 2:
        figures["auc"] = roc_auc_score(test_y == classes[1], probabilities[:, 1])
    return figures


def regressed(model, x, y, test_x, test_y):
    model, seconds = fitted(model, x, y)
    return {"score": r2_score(test_y, model.predict(test_x)), "seconds": seconds}


def perceptron(kind, epochs, seed):
    return kind(
        hidden_layer_sizes=(128, 64), batch_size=128, learning_rate_init=2e-3, alpha=0, max_iter=epochs, n_iter_no_change=epochs, random_state=seed
    )


def learners(task, few):
    if task == "classification":
        return classified, {
            "linear": [LogisticRegression(max_iter=1000)],
            "MLP": [perceptron(MLPClassifier, 40, seed) for seed in seeds],
            "boosting": [HistGradientBoostingClassifier(random_state=0, categorical_features=few)],
        }
    return regressed, {
        "linear": [RidgeCV(np.logspace(-2, 4, 10))],
        "MLP": [TransformedTargetRegressor(perceptron(MLPRegressor, 60, seed), transformer=StandardScaler()) for seed in seeds],
        "boosting": [HistGradientBoostingRegressor(random_state=0, categorical_features=few)],
    }


for table, (label, task) in json.loads((folder / "tables.json").read_text()).items():
    train, test = read(table, "train"), read(table, "test")
    y, test_y = train.pop(label), test.pop(label)
    if task == "classification":
        y, test_y = y.astype(str).to_numpy(), test_y.astype(str).to_numpy()
    numbers, texts = prepare(train, test)
    dense, plain, few = encoders(train, numbers, texts)
    x, test_x = dense.fit_transform(train), dense.transform(test)
    x2, test_x2 = plain.fit_transform(train), plain.transform(test)
    score, all_models = learners(task, few)
    for learner, models in all_models.items():
        a, b = (x2, test_x2) if learner == "boosting" else (x, test_x)
        try:
            each = [score(model, a, y, b, test_y) for model in models]
        except Exception as problem:
            print(f"{table}, {learner}: {problem}", file=sys.stderr)
            continue
        figures = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
        print(json.dumps({"table": table, "learner": learner, **figures}), flush=True)
