"""What `dlctl evaluate` prints of forecasts and of language models, computed anew from a model folder's weights and the data file:
splits, scales, windows and tokens are made here as docs/sequences.md says, and Keras gives the outputs."""

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np

from compare_folders import read_weights
from keras_layers import keras_model

# Figures are sums of thousands of outputs in float32. Which of two tokens that are as likely is the likeliest is a matter of rounding.
tolerance, accuracy_tolerance = 1e-6, 1e-3

special = ("<padding>", "<unknown>")


def compare_evaluations(file, report):
    groups = (("forecast", forecast_figures, "evaluation of forecasts"), ("language", language_figures, "evaluation of language models"))
    for kind, compute, group in groups:
        report.each(group, file.cases(kind), lambda case: compare_case(case, compute, group, report))


def compare_case(case, compute, group, report):
    folder = Path(case["folder"])
    description = json.loads((folder / "dlctl.json").read_text())
    expected = compute(description, folder, case["data"])
    for device, printed in case["devices"].items():
        for what, value in expected.items():
            most = accuracy_tolerance if what == "accuracy" else tolerance
            report.compare(group, f"{case['name']} ({device})", what, printed_value(printed, what), value, most)


def printed_value(printed, what):
    """`rmse by step` and the like are gathered from the targets; all others have a place of their own."""
    if what in ("windows", "loss"):
        return printed["examples" if what == "windows" else what]
    if what in printed["metrics"]:
        return printed["metrics"][what]
    if "targets" not in printed:
        return printed[what]
    figure, *place = what.split(", ")
    targets = printed["targets"]
    if not place:
        return [target[figure] for target in targets]
    if place == ["by step"]:
        return [[step[figure] for step in target["steps"]] for target in targets]
    naive = [target["naive"][place[0]] for target in targets]
    return [math.nan if each is None else each[figure] for each in naive]


def outputs_of(description, folder, inputs, words=0):
    sizes = {"classes": words, "vocabulary": words}
    layers = [
        {key: sizes.get(value, value) if key in ("units", "inputDim") else value for key, value in layer.items()}
        for layer in description["config"]["model"]["layers"]
    ]
    model = keras_model(layers, inputs.shape[1:])
    # Without batch normalization the file has the weights in Keras's order.
    weights = [value for _, value in read_weights(folder)]
    model.set_weights([value.reshape(own.shape) for value, own in zip(weights, model.get_weights(), strict=True)])
    return model.predict(inputs, batch_size=64, verbose=0)


def split_bounds(count, split):
    """Where the validation split begins, and where the test split does, which is last."""
    validation, test = split.get("validation", 0), split.get("test", 0)
    if split.get("method", "chronological") == "last":
        sizes = [count - math.floor(count * (1 - fraction)) for fraction in (validation, test)]
    else:
        sizes = [math.floor(count * fraction + 0.5) for fraction in (validation, test)]
    return count - sum(sizes), count - sizes[1]


def forecast_figures(description, folder, path):
    data = description["config"]["data"]
    with open(path, newline="") as table:
        rows = list(csv.DictReader(table))
    columns = data["columns"]
    features, targets = (
        np.array([[row[name] for name in columns[key]] for row in rows], np.float32).astype(np.float64)
        for key in ("features", "target")
    )
    train_end, test_start = split_bounds(len(rows), data["split"])
    (op,) = data["preprocess"]
    scaled, (shift, scale) = fit_scale(op, features, train_end)
    scaled_targets, (shift, scale) = fit_scale(op, targets, train_end)
    window = data["window"]
    length, horizon = window["length"], window["horizon"]
    starts = np.arange(test_start, len(rows) - length - horizon + 1, window.get("stride", 1))
    past = starts[:, None] + np.arange(length)
    future = (starts + length)[:, None] + np.arange(horizon)
    inputs, wanted, base = scaled[past], scaled_targets[future], 0.0
    if window.get("relativeTo") == "last":
        base = scaled_targets[past[:, -1:]]
        inputs, wanted = inputs - inputs[:, -1:], wanted - base
    outputs = outputs_of(description, folder, inputs.astype(np.float32)).reshape(wanted.shape).astype(np.float64)
    # From here on in the data's own units, [windows, steps, targets].
    truth = targets[future]
    errors = (outputs + base) * scale + shift - truth
    mae, rmse = error_figures(errors, (0, 1))
    figures = {
        "windows": len(starts),
        "loss": np.mean((outputs - wanted) ** 2),
        "meanAbsoluteError": np.mean(np.abs(outputs - wanted)),
        "maeInOriginalUnits": np.mean(mae),
        "rmseInOriginalUnits": np.sqrt(np.mean(rmse**2)),
        **{"mae": mae, "rmse": rmse, "bias": errors.mean((0, 1))},
        **dict(zip(("mae, by step", "rmse, by step"), (each.T for each in error_figures(errors, 0)))),
    }
    last = targets[past[:, -1:]] - truth
    repeated = targets[past[:, -horizon:]] - truth if horizon <= length else np.full_like(truth, np.nan)
    for name, naive in (("lastValue", last), ("lastHorizon", repeated)):
        figures |= dict(zip((f"mae, {name}", f"rmse, {name}"), error_figures(naive, (0, 1))))
    return figures


def error_figures(errors, axes):
    return np.abs(errors).mean(axes), np.sqrt((errors**2).mean(axes))


def fit_scale(op, values, train_end):
    """The columns scaled by what their training rows say, and what undoes it."""
    train = values[:train_end]
    if op["op"] == "standardize":
        shift, scale = train.mean(0), train.std(0)
    elif op["op"] == "minMax":
        shift, scale = train.min(0), train.max(0) - train.min(0)
    else:
        raise ValueError(f"{op['op']} is not made here")
    return (values - shift) / scale, (shift, scale)


def language_figures(description, folder, path):
    data = description["config"]["data"]
    text = Path(path).read_text(encoding="utf-8")
    train_end, test_start = split_bounds(len(text), data["split"])
    (op,) = data["preprocess"]
    tokens = [*special, *vocabulary(op, cut(op, text[:train_end]))]
    if tokens != description["preprocessing"]["tokenizer"]["tokens"]:
        raise ValueError("the model folder's vocabulary is not the training split's")
    ids = {token: number for number, token in enumerate(tokens)}
    found = np.array([ids.get(token, 1) for token in cut(op, text[test_start:])])
    length = data["window"]["length"]
    predicted = len(found) - 1
    starts = list(range(0, predicted - length + 1, length))
    known = [0] * len(starts)
    if predicted % length:
        starts.append(predicted - length)
        known.append(length - predicted % length)
    places = np.array(starts)[:, None] + np.arange(length)
    outputs = outputs_of(description, folder, found[places].astype(np.int32), len(tokens)).astype(np.float64)
    targets = found[places + 1]
    counted = np.arange(length) >= np.array(known)[:, None]
    nats = -np.log(np.take_along_axis(outputs, targets[..., None], -1)[..., 0])
    # Padding and the unknown have no text of their own and count as one.
    widths = np.array([1 if token in special else len(token) for token in tokens])
    mean = nats[counted].mean()
    return {
        "windows": len(starts),
        "tokens": predicted,
        "loss": np.mean([row[kept].mean() for row, kept in zip(nats, counted)]),
        "natsPerToken": mean,
        "perplexity": np.exp(mean),
        "bitsPerToken": mean / np.log(2),
        "bitsPerCharacter": nats[counted].sum() / np.log(2) / widths[targets][counted].sum(),
        "accuracy": (outputs.argmax(-1) == targets)[counted].mean(),
    }


def cut(op, text):
    """Characters, or words, which are enough for a text in ASCII."""
    if not text.isascii():
        raise ValueError("only texts in ASCII are cut here")
    return list(text) if op["unit"] == "character" else re.findall(r"\w+(?:'[a-z]+)*|[^\s\w]", text.lower())


def vocabulary(op, training):
    """The most frequent tokens of the training split, of equal ones the smaller first; characters in their order."""
    counts = Counter(training)
    kept = sorted(counts, key=lambda token: (-counts[token], token))
    if op["unit"] == "character":
        return sorted(kept)
    return kept[: op["vocabulary"] - len(special)]
