"""From photographs to a trained model with Keras. Decoded images are kept by tf.data's cache, in files."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import tensorflow as tf

from keras_models import build

spec = json.loads(sys.argv[1])
keras.utils.set_random_seed(7)
options = {"color_mode": "grayscale", "image_size": (224, 224), "crop_to_aspect_ratio": True, "batch_size": None, "verbose": False}
parts = keras.utils.image_dataset_from_directory(
    spec["photographs"], validation_split=0.1, subset="both", seed=7, **options
)


def pipeline(data, name, shuffle):
    examples = int(data.cardinality())
    # Bytes: a quarter of what floats take.
    data = data.map(lambda x, y: (tf.cast(tf.round(x), tf.uint8), y), num_parallel_calls=tf.data.AUTOTUNE)
    data = data.cache(os.path.join(spec["kept"], name)).cache()
    data = data.shuffle(examples) if shuffle else data
    return data.batch(32).prefetch(tf.data.AUTOTUNE), examples


(train, examples), (validation, _) = (pipeline(part, name, name == "train") for part, name in zip(parts, ("train", "validation")))
model = build("cnn-224", tf.zeros((1, 224, 224, 1), tf.uint8), {"kind": "images", "classes": 5})
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
history = model.fit(train, validation_data=validation, epochs=spec["epochs"], verbose=2)
model.save(os.path.join(spec["kept"], "model.keras"))
print(json.dumps({"examples": examples, "accuracy": float(history.history["accuracy"][-1])}))
