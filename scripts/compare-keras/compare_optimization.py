"""Optimizers over ten given gradients, and learning rates over a run."""

import keras
import numpy as np

from case_file import pascal, snake

optimizer_classes = {"sgd": "SGD", "momentum": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}

# Ours alone; by default weight decay applies to all weights, as in Keras.
ignored = {"type", "decayBiasAndNorm"}


def keras_optimizer(config, clipping=None):
    options = {snake(key): value for key, value in config.items() if key not in ignored and value is not None}
    options = {key: float(value) if type(value) is int else value for key, value in options.items()}
    name = optimizer_classes.get(config["type"], pascal(config["type"]))
    names = {"norm": "clipnorm", "value": "clipvalue", "globalNorm": "global_clipnorm"}
    clip = {names[key]: value for key, value in (clipping or {}).items()}
    return getattr(keras.optimizers, name)(**options, **clip)


def compare_optimizers(file, report):
    report.each("optimizer", file.cases("optimizer"), lambda case: compare_optimizer(file, case, report))


def compare_optimizer(file, case, report):
    variables = [keras.Variable(value) for value in file.tensors(case["initial"])]
    optimizer = keras_optimizer(case["config"], case.get("clipping"))
    optimizer.build(variables)
    start = np.concatenate([np.ravel(value) for value in file.tensors(case["initial"])])
    steps = []
    for gradients in case["gradients"]:
        optimizer.apply([keras.ops.convert_to_tensor(value) for value in file.tensors(gradients)])
        steps.append(np.concatenate([np.ravel(variable.numpy()) for variable in variables]))
    for device, reference in case["devices"].items():
        actual, label = file.tensor(reference), f"{case['name']} ({device})"
        report.compare("optimizer", label, "values of 10 steps", actual, np.stack(steps), 1e-5)
        # Small steps would hide in the values; but what float32 rounds away of the values can't be expected either.
        moved, expected = actual - start, np.stack(steps) - start
        size = np.abs(expected).max()
        gap = float(np.abs(moved - expected).max() / size)
        report.add("optimizer", label, "movement, relative to the largest", gap, max(1e-4, float(1e-6 / size)))


def compare_schedules(file, report):
    for case in file.cases("schedule"):
        schedule = getattr(keras.optimizers.schedules, case["keras"])(**case["kerasOptions"])
        expected = np.array([float(schedule(step)) for step in range(len(case["rates"]))])
        # Rates are small: the difference is taken relative to the first one.
        scale = expected.max()
        report.compare("schedule", case["name"], "rates", np.array(case["rates"]) / scale, expected / scale, 1e-5)
    for case in file.cases("plateau"):
        report.compare("schedule", case["name"], "rates", case["rates"], plateau_rates(case), 1e-6)


def plateau_rates(case):
    """The learning rate after each epoch of Keras's own callback, for given validation losses."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.build((None, 1))
    model.compile(optimizer=keras.optimizers.SGD(case["baseRate"]), loss="mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **case["kerasOptions"])
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, loss in enumerate(case["losses"]):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(model.optimizer.learning_rate))
    return rates
