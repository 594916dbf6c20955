"""Ten optimizer steps of whole models on the same batches from the same weights: losses and weights stay equal."""

import keras
import numpy as np

from compare_objectives import keras_loss
from compare_optimization import keras_optimizer
from keras_layers import keras_model


def compare_training(file, report):
    for case in file.cases("training"):
        try:
            compare_run(file, case, report)
        except Exception as error:
            report.fail("training", case["name"], f"{type(error).__name__}: {error}")


def compare_run(file, case, report):
    model = keras_model(case["layers"], case["inputShape"])
    loss = keras_loss(case["loss"])
    loss.reduction = "sum_over_batch_size"
    model.compile(optimizer=keras_optimizer(case["optimizer"], case.get("clipping")), loss=loss)
    batches = [(file.tensor(batch["inputs"]), file.tensor(batch["targets"])) for batch in case["batches"]]
    class_weights = case.get("classWeights")
    for device, result in case["devices"].items():
        label = f"{case['name']} ({device})"
        model = keras_model(case["layers"], case["inputShape"])
        model.compile(optimizer=keras_optimizer(case["optimizer"], case.get("clipping")), loss=loss)
        model.set_weights(file.tensors(case["initial"]))
        losses = []
        for inputs, targets in batches:
            weights = None if class_weights is None else np.array(class_weights)[targets.argmax(axis=-1)]
            model.reset_metrics()
            losses.append(float(model.train_on_batch(inputs, targets, sample_weight=weights)))
        if case["comparesLoss"]:
            report.compare("training", label, "loss of 10 steps", result["losses"], losses, 1e-4)
        for reference, expected in zip(result["weights"], model.get_weights(), strict=True):
            report.compare("training", label, "weights after 10 steps", file.tensor(reference), expected, 1e-4)
