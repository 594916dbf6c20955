"""The bench's models as a user of Keras writes them."""

import keras
from keras import layers


def article(inputs, classes):
    x = layers.Rescaling(1 / 255)(inputs)
    for filters in (32, 64):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu")(x))
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    return layers.Dense(classes)(x)


def residual(inputs, classes):
    def convolve(x, filters, size=3, strides=1):
        return layers.BatchNormalization()(layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x))

    x = layers.ReLU()(convolve(layers.Rescaling(1 / 255)(inputs), 32))
    for filters, strides in ((32, 1), (64, 2), (128, 2)):
        short = convolve(x, filters, 1, strides) if strides > 1 else x
        x = convolve(layers.ReLU()(convolve(x, filters, 3, strides)), filters)
        x = layers.ReLU()(layers.Add()([short, x]))
    return layers.Dense(classes)(layers.GlobalAveragePooling2D()(x))


def recurrent(kind, unroll):
    def build(inputs, classes):
        return layers.Dense(classes)(kind(64, unroll=unroll)(layers.Embedding(20000, 128)(inputs)))

    return build


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer="glorot_uniform")

    def call(self, x):
        return x + self.table


def exact_gelu(x):
    return keras.activations.gelu(x, approximate=False)


def blocks(x, count, width, heads, causal):
    x = Positions()(x)
    for _ in range(count):
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + layers.MultiHeadAttention(heads, width // heads)(y, y, use_causal_mask=causal)
        y = layers.Dense(4 * width, activation=exact_gelu)(layers.LayerNormalization(epsilon=1e-5)(x))
        x = x + layers.Dense(width)(y)
    return layers.LayerNormalization(epsilon=1e-5)(x)


def encoder(inputs, classes):
    x = blocks(layers.Embedding(20000, 64)(inputs), 2, 64, 4, False)
    return layers.Dense(classes)(layers.GlobalAveragePooling1D()(x))


def decoder(inputs, classes):
    return layers.Dense(classes)(blocks(layers.Embedding(classes, 128)(inputs), 4, 128, 4, True))


def build(name, x, data, unroll=False):
    """An uncompiled model for inputs as `x`; its outputs are logits."""
    make = {
        "cnn-28": article,
        "cnn-224": article,
        "residual": residual,
        "lstm": recurrent(layers.LSTM, unroll),
        "gru": recurrent(layers.GRU, unroll),
        "encoder": encoder,
        "decoder": decoder,
    }[name]
    classes = {"images": lambda: data["classes"], "texts": lambda: 2, "characters": lambda: data["vocabulary"]}[data["kind"]]()
    inputs = keras.Input(x.shape[1:], dtype=x.dtype.name)
    return keras.Model(inputs, make(inputs, classes))
