"""Steps in bfloat16: dlctl must stay as near to float32 as Keras's mixed_bfloat16 does, on the same batches from the same weights."""

import keras
import numpy as np

from compare_objectives import keras_loss
from compare_optimization import keras_optimizer
from keras_layers import keras_model

# Roundings to 8 bits of two programs are no more alike than two draws: ours may be so much farther away than Keras's, or this far in any case.
factor, floor = 2.0, 0.005


def compare_precision(file, report):
    distances = {}
    for case in file.cases("precision"):
        try:
            distances.setdefault(case["name"], []).append(distances_of(file, case))
        except Exception as error:
            report.fail("precision", case["name"], f"{type(error).__name__}: {error}")
        finally:
            keras.mixed_precision.set_global_policy("float32")
    for name, found in distances.items():
        ours, theirs = np.mean(found, axis=0)
        note = ", ".join(f"{mine:.2g} and {keras:.2g}" for mine, keras in found)
        report.add("precision", name, "dlctl", ours, max(factor * theirs, floor), note)
        report.add("precision", name, "Keras", theirs, None)


def distances_of(file, case):
    """Mean over the steps of how far the losses in bfloat16 are from those in float32: dlctl's, and Keras's."""
    ours = np.array(case["losses"]["bfloat16"]) - np.array(case["losses"]["float32"])
    theirs = keras_losses(file, case, "mixed_bfloat16") - keras_losses(file, case, "float32")
    return float(np.abs(ours).mean()), float(np.abs(theirs).mean())


def keras_losses(file, case, policy):
    keras.mixed_precision.set_global_policy(policy)
    model = keras_model(case["layers"], case["inputShape"])
    loss = keras_loss(case["loss"])
    loss.reduction = "sum_over_batch_size"
    model.compile(optimizer=keras_optimizer(case["optimizer"], None), loss=loss)
    shapes = [weight.shape for weight in model.get_weights()]
    initial = zip(file.tensors(case["initial"]), shapes, strict=True)
    model.set_weights([weight.reshape(shape) for weight, shape in initial])
    losses = []
    for batch in case["batches"]:
        model.reset_metrics()
        losses.append(float(model.train_on_batch(file.tensor(batch["inputs"]), file.tensor(batch["targets"]))))
    return np.array(losses)
