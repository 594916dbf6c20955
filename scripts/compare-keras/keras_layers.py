"""From a layer of a dlctl config to the Keras layer that it must equal."""

import re

import keras
import tensorflow as tf

from case_file import pascal, snake
from keras_transformer import transformer_layers

# Where the class is not the type's name with a capital, and a capital D for the number of axes.
classes = {
    "elu": "ELU",
    "prelu": "PReLU",
    "thresholdedReLU": "ReLU",
    "simpleRNN": "SimpleRNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "unmask": "Identity",
    "carryMask": "Identity",
    "rmsNormalization": "RMSNormalization",
}

# Options whose name is another one in Keras 3.
renamed = {
    "leakyReLU": {"alpha": "negative_slope"},
    "thresholdedReLU": {"theta": "threshold"},
}

# Activations that are not one of Keras 3's names in camel case.
activations = {
    "swish": "silu",
    "relu6": "relu6",
    "gelu_new": lambda x: keras.activations.gelu(x, approximate=True),
    # TensorFlow.js's slope is 0.2, that of Keras 2; Keras 3's is 1/6.
    "hardSigmoid": lambda x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0),
}

# Weights are carried over, so how they start does not matter here (initializers have their own comparison).
ignored = {"type", "name", "inputs", "bidirectional"}


def keras_class(layer_type):
    name = classes.get(layer_type) or re.sub(r"(?<=\d)d", "D", pascal(layer_type))
    found = getattr(keras.layers, name, None)
    if found is None:
        raise ValueError(f"Keras has no layer {name}")
    return found


def keras_activation(name):
    return keras.activations.get(activations.get(name) or snake(name))


def keras_value(value):
    return tuple(keras_value(item) for item in value) if isinstance(value, list) else value


def keras_arguments(options):
    return {snake(key): keras_value(value) for key, value in options.items() if value is not None}


def keras_regularizer(config):
    amounts = {name: config[name] for name in ("l1", "l2") if name in config}
    return keras.regularizers.L1L2(**amounts)


def keras_options(config):
    names = renamed.get(config["type"], {})
    options = {}
    for key, value in config.items():
        if key in ignored or key.endswith(("Initializer", "Constraint")) or value is None:
            continue
        name = names.get(key, snake(key))
        if key.lower().endswith("activation"):
            value = keras_activation(value)
        elif key == "dataFormat":
            value = snake(value)
        elif key.endswith("Regularizer"):
            value = keras_regularizer(value)
        options[name] = keras_value(value)
    return options


class CornerSampling(keras.layers.Layer):
    """TensorFlow.js's bilinear up-sampling: it samples from the pixels' corners, Keras's from their centres."""

    def __init__(self, size):
        super().__init__()
        self.size = size if isinstance(size, tuple) else (size, size)

    def call(self, inputs):
        sizes = [inputs.shape[1] * self.size[0], inputs.shape[2] * self.size[1]]
        return tf.compat.v1.image.resize_bilinear(inputs, sizes, half_pixel_centers=False)


def keras_layer(config):
    """The Keras layer for the config of one dlctl layer, with all options filled in."""
    if config["type"] == "upSampling2d" and config["interpolation"] == "bilinear":
        return CornerSampling(keras_value(config["size"]))
    if config["type"] in transformer_layers:
        return transformer_layers[config["type"]](**keras_options(config))
    layer = keras_class(config["type"])(**keras_options(config))
    mode = config.get("bidirectional", False)
    return both_directions(layer, "concat" if mode is True else mode) if mode else layer


def both_directions(layer, mode):
    """Keras gives out 0 at masked steps of two directions, TensorFlow.js the state before, as both do for one direction."""
    both = keras.layers.Bidirectional(layer, merge_mode=mode)
    both.forward_layer.zero_output_for_mask = both.backward_layer.zero_output_for_mask = False
    return both


class SummedEmbedding(keras.layers.Embedding):
    """
    An embedding whose gradient is the sum over all places of a word. That of Keras's own is a list with a row for each
    place, of which Keras's Adam adds up the squares, not the square of the sum: no gradient's second moment.
    """

    def call(self, inputs):
        return tf.matmul(tf.one_hot(tf.cast(inputs, tf.int32), self.input_dim), self.embeddings)


def keras_model(layers, input_shape):
    """The functional model of a dlctl `model.layers` list; `inputs` name earlier layers, or "input"."""
    source = keras.Input(input_shape)
    outputs = {"input": source}
    last = source
    for position, config in enumerate(layers):
        taken = [outputs[name] for name in config["inputs"]] if config.get("inputs") else [last]
        layer = keras_layer(config)
        if config["type"] == "embedding":
            layer = SummedEmbedding.from_config(layer.get_config())
        if config.get("name"):
            layer.name = config["name"]
        last = layer(taken if len(taken) > 1 else taken[0])
        outputs[config.get("name") or f"#{position}"] = last
    return keras.Model(source, last)
