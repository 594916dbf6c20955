"""Metrics from predictions and true values, by scikit-learn, scipy and numpy, against what dlctl reports: one JSON object on standard input."""

import json
import sys
import warnings

import numpy as np
import scipy.stats
from sklearn import metrics as sk

# A resample without one of the classes has no area for it, which is meant.
warnings.filterwarnings("ignore")

RESAMPLES = 2000
LEVEL = 0.95
# The standard error of a 2.5 % quantile of R normal numbers is sqrt(0.025 * 0.975 / R) / 0.0584 of their standard deviation; here
# of the difference of two such quantiles, dlctl's of 1,000 and ours, times four.
INTERVAL_TOLERANCE = 4 * np.sqrt(0.025 * 0.975 * (1 / 1000 + 1 / RESAMPLES)) / 0.0584


def areas(true, scores):
    """Mean over the classes that have some examples and some others; `scores` of two classes are the second's."""
    columns = [(true == 1, scores)] if scores.ndim == 1 else [(true == k, scores[:, k]) for k in range(scores.shape[1])]
    roc = [sk.roc_auc_score(is_class, column) for is_class, column in columns if 0 < is_class.sum() < len(true)]
    precision = [sk.average_precision_score(is_class, column) for is_class, column in columns if is_class.any()]
    return np.mean(roc), np.mean(precision)


def calibration(confidence, right, bins=15):
    """Guo et al. (2017), bins (a, b]: by loops, as the other side does it by sums."""
    gaps, weights = [], []
    for index in range(bins):
        inside = (confidence > index / bins) & (confidence <= (index + 1) / bins)
        if inside.any():
            gaps.append(abs(right[inside].mean() - confidence[inside].mean()))
            weights.append(inside.mean())
    return float(np.dot(gaps, weights)), max(gaps)


def classes(case):
    labels, y = case["labels"], case["truth"]
    p = np.array([[row[label] for label in labels] for row in case["predictions"]], dtype=np.float64)
    true = np.array([labels.index(label) for label in y])
    guess = p.argmax(axis=1)
    present = np.union1d(true, guess)
    matrix = sk.confusion_matrix(true, guess, labels=range(len(labels)))
    scores = p[:, 1] if len(labels) == 2 else p
    roc, precision = areas(true, scores)
    ece, mce = calibration(p.max(axis=1), guess == true)
    expected = {
        "averages.balancedAccuracy": sk.balanced_accuracy_score(true, guess),
        "averages.matthewsCorrelation": sk.matthews_corrcoef(true, guess),
        "ranking.rocArea": roc,
        "ranking.averagePrecision": precision,
        "calibration.expectedCalibrationError": ece,
        "calibration.maximumCalibrationError": mce,
    }
    for average in ["macro", "weighted"]:
        summary = sk.precision_recall_fscore_support(true, guess, average=average, zero_division=0)
        for name, value in zip(["precision", "recall", "f1"], summary):
            expected[f"averages.{average}.{name}"] = value
    columns = sk.precision_recall_fscore_support(true, guess, labels=range(len(labels)), zero_division=0)
    for k, label in enumerate(labels):
        for name, column in zip(["precision", "recall", "f1", "support"], columns):
            expected[f"perClass.{label}.{name}"] = column[k]
        for other, count in zip(labels, matrix[k]):
            expected[f"confusion.{label}.{other}"] = count
        if len(labels) > 2 and (true == k).any():
            expected[f"ranking.{label}.rocArea"] = sk.roc_auc_score(true == k, p[:, k])
            expected[f"ranking.{label}.averagePrecision"] = sk.average_precision_score(true == k, p[:, k])
    if case.get("metrics"):
        expected.update(configured(case, true, p, guess))
    if case.get("curves"):
        expected.update(curves(case["curves"], true, p))
    resampled = {
        "accuracy": lambda at: np.mean(true[at] == guess[at]),
        "balancedAccuracy": lambda at: sk.balanced_accuracy_score(true[at], guess[at]),
        "macroF1": lambda at: sk.f1_score(true[at], guess[at], average="macro", zero_division=0),
        "rocArea": lambda at: areas(true[at], scores[at])[0],
        "averagePrecision": lambda at: areas(true[at], scores[at])[1],
    }
    assert len(present) <= len(labels)
    return expected, {f"interval.{name}": statistic for name, statistic in resampled.items()}, len(true)


def configured(case, true, p, guess):
    """What the config asks for."""
    labels = case["labels"]
    is_binary = case["width"] == 1
    average = "binary" if is_binary else "macro"
    summary = dict(average=average, zero_division=0, **({} if is_binary else {"labels": range(len(labels))}))
    expected = {
        "loss": sk.log_loss(true, p / p.sum(axis=1, keepdims=True), labels=range(len(labels))),
        "metrics.accuracy": sk.accuracy_score(true, guess),
        "metrics.precision": sk.precision_score(true, guess, **summary),
        "metrics.recall": sk.recall_score(true, guess, **summary),
        "metrics.f1": sk.f1_score(true, guess, **summary),
        "metrics.auc": areas(true, p[:, 1] if len(labels) == 2 else p)[0],
    }
    if len(labels) > 2:
        expected["metrics.top2Accuracy"] = sk.top_k_accuracy_score(true, p, k=2, labels=range(len(labels)))
    return expected


def curves(reported, true, p):
    """Points of the curves that were reported, at their thresholds, by counting; and the mean of scikit-learn's curves."""
    expected, grid, means = {}, np.linspace(0, 1, 101), []
    for k, (label, thresholds) in enumerate(reported.items()):
        # Thresholds are the shortest decimals that are the same float32.
        is_class, score = true == k, p[:, k].astype(np.float32)
        for index, threshold in enumerate(thresholds["roc"]):
            taken = score >= np.float32(np.inf if threshold is None else threshold)
            expected[f"curve.{label}.roc.{index}.x"] = taken[~is_class].mean()
            expected[f"curve.{label}.roc.{index}.y"] = taken[is_class].mean()
        for index, threshold in enumerate(thresholds["precisionRecall"]):
            taken = score >= np.float32(threshold)
            expected[f"curve.{label}.precisionRecall.{index}.x"] = taken[is_class].mean()
            expected[f"curve.{label}.precisionRecall.{index}.y"] = is_class[taken].mean()
        x, y, _ = sk.roc_curve(is_class, score, drop_intermediate=False)
        means.append(np.interp(grid, x, y))
    for index, value in enumerate(np.mean(means, axis=0)):
        expected[f"curve.macro.{index}"] = value
    return expected


def values(case):
    true, guess = np.array(case["truth"], dtype=np.float64), np.array(case["predictions"], dtype=np.float64)
    squared = sk.mean_squared_error(true, guess)
    expected, resampled = {}, {}
    if case.get("metrics"):
        expected = {
            "loss": squared,
            "metrics.meanSquaredError": squared,
            "metrics.rootMeanSquaredError": np.sqrt(squared),
            "metrics.meanAbsoluteError": sk.mean_absolute_error(true, guess),
            "metrics.meanAbsolutePercentageError": 100 * sk.mean_absolute_percentage_error(true, guess),
            "metrics.r2": sk.r2_score(true, guess),
        }
    for index, name in enumerate(case["targets"]):
        t, g = true[:, index], guess[:, index]
        residual = t - g
        expected[f"targets.{name}.mae"] = sk.mean_absolute_error(t, g)
        expected[f"targets.{name}.rmse"] = np.sqrt(sk.mean_squared_error(t, g))
        expected[f"targets.{name}.r2"] = sk.r2_score(t, g)
        expected[f"residuals.{name}.mean"] = residual.mean()
        expected[f"residuals.{name}.standardDeviation"] = residual.std(ddof=1)
        for at in [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]:
            expected[f"residuals.{name}.quantile.{at}"] = np.quantile(residual, at)
        resampled[f"interval.{name}.mae"] = lambda at, t=t, g=g: np.abs(t[at] - g[at]).mean()
        resampled[f"interval.{name}.rmse"] = lambda at, t=t, g=g: np.sqrt(np.mean((t[at] - g[at]) ** 2))
        resampled[f"interval.{name}.r2"] = lambda at, t=t, g=g: sk.r2_score(t[at], g[at])
    return expected, resampled, len(true)


def tolerance(name):
    if name == "metrics.auc":
        return 2e-3, "config's auc"  # From 2000 thresholds, where scikit-learn takes every score for one.
    if name.startswith("curve."):
        return 1e-6, "curves"  # Six digits are reported.
    if name.startswith(("averages.", "ranking.", "perClass.", "confusion.")):
        return 1e-9, "classes and areas"
    return (1e-5, "others") if case["source"] == "predict" else (1e-9, "others")


case = json.load(sys.stdin)
expected, resampled, count = values(case) if case["labels"] is None else classes(case)
failures, worst = [], {}
for name, value in expected.items():
    actual = case["reported"].get(name)
    distance = float("inf") if actual is None else abs(actual - value) / max(1.0, abs(value))
    limit, kind = tolerance(name)
    worst[kind] = max(worst.get(kind, 0.0), distance)
    if not distance <= limit:
        failures.append(f"{name}: reported {actual}, scikit-learn says {value}")
for name, statistic in resampled.items():
    reported = case["reported"].get(name)
    found = scipy.stats.bootstrap(
        (np.arange(count),), statistic, n_resamples=RESAMPLES, method="percentile", confidence_level=LEVEL, vectorized=False, rng=1
    )
    bounds = found.confidence_interval
    if reported is None:
        if bounds.high > bounds.low:
            failures.append(f"{name}: not reported, scipy says {bounds}")
        continue
    distance = max(abs(reported[0] - bounds.low), abs(reported[1] - bounds.high)) / found.standard_error
    worst["interval bounds, in standard errors"] = max(worst.get("interval bounds, in standard errors", 0.0), distance)
    # Half a step more where a figure only takes the values 0, 1/n, 2/n, ...
    if not distance <= INTERVAL_TOLERANCE + 0.5 / count / found.standard_error:
        failures.append(f"{name}: reported {reported}, scipy says {bounds}, standard error {found.standard_error}")
json.dump({"figures": len(expected) + 2 * len(resampled), "worst": worst, "failures": failures[:20]}, sys.stdout)
