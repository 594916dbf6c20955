"""Trains and predicts with Keras. Takes a JSON spec; prints one JSON object on the last line.

`variants` names ways to train: all are tried in one process where there are several, and their rates given.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import numpy as np
import tensorflow as tf

from bench_data import peak_memory, read_data
from keras_models import build
from timed import timed

VARIANTS = {
    "tf.data": {},
    "arrays": {"arrays": True},
    "8 steps an execution": {"steps_per_execution": 8},
    "jit_compile": {"jit": True},
    "unrolled": {"unroll": True},
}


class Epochs(keras.callbacks.Callback):
    """Seconds of each epoch, as between its first batch and its last."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


def augment(x, y):
    """A flip, and a move by up to 4 pixels."""
    x = tf.image.random_flip_left_right(x)
    padded = tf.pad(x, [[4, 4], [4, 4], [0, 0]])
    return tf.image.random_crop(padded, x.shape), y


def batches(spec, x, y):
    data = tf.data.Dataset.from_tensor_slices((x, y)).cache().shuffle(len(x), reshuffle_each_iteration=True)
    if spec["name"] == "residual":
        data = data.map(augment, num_parallel_calls=tf.data.AUTOTUNE)
    return data.batch(spec["batchSize"]).prefetch(tf.data.AUTOTUNE)


def train(spec, variant, x, y, epochs):
    options = VARIANTS[variant]
    keras.utils.set_random_seed(1)
    model = build(spec["name"], x, spec["data"], options.get("unroll", False))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=options.get("jit", False),
        steps_per_execution=options.get("steps_per_execution", 1),
    )
    timer = Epochs()
    given = {"epochs": epochs, "verbose": 2, "callbacks": [timer]}
    if options.get("arrays"):
        history = model.fit(x, y, batch_size=spec["batchSize"], shuffle=True, **given)
    else:
        history = model.fit(batches(spec, x, y), **given)
    return model, {
        "rates": [len(x) / seconds for seconds in timer.seconds[1:]],
        "losses": [float(loss) for loss in history.history["loss"]],
        "parameters": model.count_params(),
    }


def predict(model, x, seconds):
    figures = {}
    for size in (1, 32, 256):
        batch = x[np.arange(size) % len(x)]
        part = seconds / 6
        figures[f"predict {size}"] = size / timed(lambda: model.predict(batch, batch_size=size, verbose=0), part)
        figures[f"predict_on_batch {size}"] = size / timed(lambda: model.predict_on_batch(batch), part)
    return figures


def main():
    spec = json.loads(sys.argv[1])
    x, y = read_data(spec)
    if len(spec["variants"]) > 1:
        result = {"tried": {}}
        for variant in spec["variants"]:
            try:
                _, trained = train(spec, variant, x, y, 2)
                result["tried"][variant] = trained["rates"][-1]
            except Exception as error:  # XLA can't compile every model.
                result["tried"][variant] = None
                print(f"{variant}: {error}", file=sys.stderr)
            keras.backend.clear_session()
    else:
        model, result = train(spec, spec["variants"][0], x, y, spec["epochs"])
        result["peakMemory"] = peak_memory()
        if spec.get("save"):
            model.save(spec["save"] + ".keras")
        result["predictions"] = predict(model, x, spec["seconds"])
    print(json.dumps(result))


main()
