"""Losses, their gradients, and metrics."""

import keras
import numpy as np
import sklearn.metrics
import tensorflow as tf

from case_file import pascal, snake

loss_classes = {"kullbackLeiblerDivergence": "KLDivergence", "cosineProximity": "CosineSimilarity"}


def keras_loss(config):
    options = {snake(key): value for key, value in config.items() if key != "type"}
    if config["type"] == "sparseCategoricalCrossentropy":
        options.pop("label_smoothing", None)  # Keras's has none; categoricalCrossentropy's is compared.
    name = loss_classes.get(config["type"], pascal(config["type"]))
    return getattr(keras.losses, name)(reduction=None, **options)


def compare_losses(file, report):
    report.each("loss", file.cases("loss"), lambda case: compare_loss(file, case, report))


def compare_loss(file, case, report):
    loss = keras_loss(case["config"])
    targets = file.tensor(case["targets"])
    if case["config"]["type"] == "sparseCategoricalCrossentropy" and targets.ndim == 2:
        targets = targets.argmax(axis=1)
    elif case["config"]["type"] == "categoricalCrossentropy" and targets.ndim == 1:
        targets = np.eye(file.tensor(case["outputs"]).shape[1], dtype=np.float32)[targets]
    targets, outputs = tf.constant(targets), tf.constant(file.tensor(case["outputs"]))
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        expected = loss(targets, outputs)
        total = tf.reduce_sum(expected)
    gradient = tape.gradient(total, outputs).numpy()
    clipped = saturated(case["config"], outputs.numpy())
    gradient[clipped] = 0
    for device, result in case["devices"].items():
        label = f"{case['name']} ({device})"
        report.compare("loss", label, "values", file.tensor(result["values"]), expected, 1e-5)
        ours = np.where(clipped, 0, file.tensor(result["gradient"]))
        report.compare("loss", label, "gradient", ours, gradient, 1e-4)


def saturated(config, outputs):
    """Probabilities that Keras clips, and with them the gradient. Ours goes on, as Keras's own does from logits, which
    it uses behind a softmax or sigmoid layer: that is compared by the training cases."""
    if "entropy" not in config["type"].lower():
        return np.zeros(outputs.shape, bool)
    return (outputs <= 1e-7) | (outputs >= 1 - 1e-7)


def compare_metrics(file, report):
    for case in file.cases("metric"):
        try:
            expected = expected_metric(case["config"], file.tensor(case["targets"]), file.tensor(case["outputs"]))
        except Exception as error:
            report.fail("metric", case["name"], f"{type(error).__name__}: {error}")
            continue
        for device, value in case["devices"].items():
            report.compare("metric", f"{case['name']} ({device})", "value", value, expected, 1e-5)


def from_keras(metric, targets, outputs):
    metric.update_state(targets, outputs)
    return np.asarray(metric.result(), np.float64)


def expected_metric(config, targets, outputs):
    kind = config["type"]
    if kind in value_metrics:
        return from_keras(value_metrics[kind](), targets, outputs)
    if kind in ("perplexity", "bitsPerCharacter"):
        nats = np.mean(keras.losses.sparse_categorical_crossentropy(targets, outputs), dtype=np.float64)
        return np.exp(nats) if kind == "perplexity" else nats / np.log(2)
    is_single = outputs.shape[1] == 1
    predicted = (outputs[:, 0] > 0.5).astype(int) if is_single else outputs.argmax(axis=1)
    if kind == "accuracy":
        if is_single:
            return from_keras(keras.metrics.BinaryAccuracy(), targets[:, None], outputs)
        return from_keras(keras.metrics.SparseCategoricalAccuracy(), targets, outputs)
    if kind == "topKAccuracy":
        return from_keras(keras.metrics.SparseTopKCategoricalAccuracy(k=config["k"]), targets, outputs)
    if kind in ("precision", "recall", "f1"):
        return expected_class_metric(config, targets, predicted, outputs.shape[1], is_single)
    if kind == "auc":
        return expected_auc(config, targets, outputs, is_single)
    raise ValueError("no Keras counterpart is named")


def expected_class_metric(config, targets, predicted, width, is_single):
    classes = 2 if is_single else width
    score = {"precision": "precision_score", "recall": "recall_score", "f1": "f1_score"}[config["type"]]
    average = config.get("average") or ("binary" if is_single else "macro")
    options = {"average": average, "zero_division": 0}
    if average == "binary":
        options["pos_label"] = classes - 1
    else:
        options["labels"] = list(range(classes))
    return getattr(sklearn.metrics, score)(targets, predicted, **options)


def expected_auc(config, targets, outputs, is_single):
    options = {"curve": config["curve"], "num_thresholds": config["thresholds"]}
    if is_single or outputs.shape[1] == 2:
        return from_keras(keras.metrics.AUC(**options), targets, outputs[:, -1])
    one_hot = np.eye(outputs.shape[1], dtype=np.float32)[targets]
    return from_keras(keras.metrics.AUC(**options, multi_label=True), one_hot, outputs)


value_metrics = {
    "meanAbsoluteError": keras.metrics.MeanAbsoluteError,
    "meanSquaredError": keras.metrics.MeanSquaredError,
    "rootMeanSquaredError": keras.metrics.RootMeanSquaredError,
    "meanAbsolutePercentageError": keras.metrics.MeanAbsolutePercentageError,
    "r2": keras.metrics.R2Score,
}
