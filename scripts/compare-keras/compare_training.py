"""Optimizer steps of whole models on the same batches from the same weights: losses and weights stay equal."""

import keras
import numpy as np

from compare_objectives import keras_loss
from compare_optimization import keras_optimizer
from keras_layers import keras_model


def compare_training(file, report):
    report.each("training", file.cases("training"), lambda case: compare_run(file, case, report))


def compare_run(file, case, report):
    model = keras_model(case["layers"], case["inputShape"])
    loss = keras_loss(case["loss"])
    loss.reduction = "sum_over_batch_size"
    model.compile(optimizer=keras_optimizer(case["optimizer"], case.get("clipping")), loss=loss)
    batches = [(file.tensor(batch["inputs"]), file.tensor(batch["targets"])) for batch in case["batches"]]
    steps = case["steps"]
    # Adam makes a step of what rounding leaves of a gradient that is next to nothing.
    tolerance = 1e-4 if steps <= 10 else 1e-3
    class_weights = case.get("classWeights")
    for device, result in case["devices"].items():
        label = f"{case['name']} ({device})"
        model = keras_model(case["layers"], case["inputShape"])
        model.compile(optimizer=keras_optimizer(case["optimizer"], case.get("clipping")), loss=loss)
        # Keras keeps the biases of attention as [heads, width], dlctl on one axis.
        shapes = [weight.shape for weight in model.get_weights()]
        model.set_weights([weight.reshape(shape) for weight, shape in zip(file.tensors(case["initial"]), shapes, strict=True)])
        losses = []
        for inputs, targets in batches:
            weights = None if class_weights is None else np.array(class_weights)[targets.argmax(axis=-1)]
            model.reset_metrics()
            losses.append(float(model.train_on_batch(inputs, targets, sample_weight=weights)))
        if case["comparesLoss"]:
            report.compare("training", label, f"loss of {steps} steps", result["losses"], losses, 1e-4)
        for reference, expected in zip(result["weights"], model.get_weights(), strict=True):
            actual = file.tensor(reference)
            report.compare("training", label, f"weights after {steps} steps", actual, expected.reshape(actual.shape), tolerance)
