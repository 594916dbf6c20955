"""Metrics from predictions and true values, by scikit-learn and numpy, against what dlctl reports: one JSON object on standard input."""

import json
import sys

import numpy as np
from sklearn import metrics as sk


def classes(case):
    labels, y = case["labels"], case["truth"]
    p = np.array([[row[label] for label in labels] for row in case["predictions"]], dtype=np.float64)
    true = np.array([labels.index(label) for label in y])
    guess = p.argmax(axis=1)
    each = dict(labels=range(len(labels)), zero_division=0)
    is_binary = case["width"] == 1
    average = "binary" if is_binary else "macro"
    summary = dict(average=average, zero_division=0, **({} if is_binary else {"labels": range(len(labels))}))
    expected = {
        "loss": sk.log_loss(true, p / p.sum(axis=1, keepdims=True), labels=range(len(labels))),
        "metrics.accuracy": sk.accuracy_score(true, guess),
        "metrics.precision": sk.precision_score(true, guess, **summary),
        "metrics.recall": sk.recall_score(true, guess, **summary),
        "metrics.f1": sk.f1_score(true, guess, **summary),
        "metrics.auc": sk.roc_auc_score(true, p[:, 1])
        if len(labels) == 2
        else np.mean([sk.roc_auc_score(true == k, p[:, k]) for k in range(len(labels))]),
    }
    if len(labels) > 2:
        expected["metrics.top2Accuracy"] = sk.top_k_accuracy_score(true, p, k=2, labels=range(len(labels)))
    matrix = sk.confusion_matrix(true, guess, labels=range(len(labels)))
    columns = sk.precision_recall_fscore_support(true, guess, **each)
    for k, label in enumerate(labels):
        for name, column in zip(["precision", "recall", "f1", "support"], columns):
            expected[f"perClass.{label}.{name}"] = column[k]
        for other, count in zip(labels, matrix[k]):
            expected[f"confusion.{label}.{other}"] = count
    return expected


def values(case):
    true, guess = np.array(case["truth"], dtype=np.float64), np.array(case["predictions"], dtype=np.float64)
    squared = sk.mean_squared_error(true, guess)
    expected = {
        "loss": squared,
        "metrics.meanSquaredError": squared,
        "metrics.rootMeanSquaredError": np.sqrt(squared),
        "metrics.meanAbsoluteError": sk.mean_absolute_error(true, guess),
        "metrics.meanAbsolutePercentageError": 100 * sk.mean_absolute_percentage_error(true, guess),
        "metrics.r2": sk.r2_score(true, guess),
    }
    for index, name in enumerate(case["targets"]):
        expected[f"targets.{name}.mae"] = sk.mean_absolute_error(true[:, index], guess[:, index])
        expected[f"targets.{name}.rmse"] = np.sqrt(sk.mean_squared_error(true[:, index], guess[:, index]))
        expected[f"targets.{name}.r2"] = sk.r2_score(true[:, index], guess[:, index])
    return expected


def tolerance(name):
    # From 2000 thresholds, where scikit-learn takes every score for one.
    return 2e-3 if name == "metrics.auc" else 1e-5


case = json.load(sys.stdin)
expected = values(case) if case["labels"] is None else classes(case)
failures, worst = [], {}
for name, value in expected.items():
    actual = case["reported"].get(name)
    distance = float("inf") if actual is None else abs(actual - value) / max(1.0, abs(value))
    kind = "auc" if name == "metrics.auc" else "others"
    worst[kind] = max(worst.get(kind, 0.0), distance)
    if not distance <= tolerance(name):
        failures.append(f"{name}: reported {actual}, scikit-learn says {value}")
json.dump({"figures": len(expected), "worst": worst, "failures": failures}, sys.stdout)
