"""Transformer layers made of Keras's own, for what Keras has no single layer for; weights in the order of dlctl's."""

import keras
import numpy as np
import tensorflow as tf


class SelfOrCross(keras.layers.Layer):
    """A layer that takes a sequence, or a list of two."""

    def __init__(self):
        super().__init__()
        self.supports_masking = True

    def parts(self, inputs):
        return inputs if isinstance(inputs, (list, tuple)) else (inputs, None)


def attention_mask(mask):
    """Steps that are masked get no share; masked queries are computed like others."""
    return None if mask is None else mask[:, None, :]


def first_mask(mask):
    """With two inputs Keras hands over a list."""
    return mask[0] if isinstance(mask, (list, tuple)) else mask


class Attention(SelfOrCross):
    def __init__(self, heads, key_dimension=None, value_dimension=None, output_shape=None, causal=False, rotary=False, **options):
        super().__init__()
        self.heads, self.key_dimension, self.causal, self.rotary = heads, key_dimension, causal, rotary
        self.options = {**options, "value_dim": value_dimension, "output_shape": output_shape}

    def build(self, input_shape):
        shapes = input_shape if isinstance(input_shape[0], (list, tuple)) else [input_shape, input_shape]
        key_dimension = self.key_dimension or shapes[0][-1] // self.heads
        self.attention = keras.layers.MultiHeadAttention(self.heads, key_dimension, flash_attention=False, **self.options)
        self.attention.build(shapes[0], shapes[1])

    def call(self, inputs, mask=None):
        query, memory = self.parts(inputs)
        mask = first_mask(mask)
        if self.rotary:
            return self.turned(query, mask)
        memory = query if memory is None else memory
        return self.attention(query, memory, attention_mask=attention_mask(mask), use_causal_mask=self.causal)

    def turned(self, x, mask):
        """Keras has no rotary positions: a coordinate and the one half the width on are a complex number that is turned."""
        attention = self.attention
        query, key, value = attention._query_dense(x), attention._key_dense(x), attention._value_dense(x)
        time, width = query.shape[1], query.shape[-1]
        half = width // 2
        angles = np.arange(time)[:, None] * 10000.0 ** (-np.arange(half) / half)
        turn = tf.constant(np.exp(1j * angles)[None, :, None, :], tf.complex64)

        def turned(values):
            points = tf.complex(values[..., :half], values[..., half:]) * turn
            return tf.concat([tf.math.real(points), tf.math.imag(points)], -1)

        scores = tf.einsum("bqhk,bshk->bhqs", turned(query), turned(key)) / np.sqrt(width)
        seen = tf.ones((time, time), tf.bool)
        if self.causal:
            seen = tf.linalg.band_part(seen, -1, 0)
        if mask is not None:
            seen = seen & mask[:, None, None, :]
        shares = tf.nn.softmax(tf.where(seen, scores, -1e9))
        return attention._output_dense(tf.einsum("bhqs,bshv->bqhv", shares, value))


class Block(SelfOrCross):
    """An encoder or decoder block."""

    def __init__(self, causal, heads, key_dimension=None, feed_forward=None, activation=None, normalization="layer",
                 epsilon=1e-5, order="pre", rotary=False, dropout=0.0, use_bias=True, **options):
        super().__init__()
        self.config = {"heads": heads, "key_dimension": key_dimension, "use_bias": use_bias, **options}
        self.causal, self.rotary, self.order = causal, rotary, order
        self.feed_forward, self.activation, self.dense_options = feed_forward, activation, {"use_bias": use_bias, **options}
        self.norm = lambda: (keras.layers.LayerNormalization if normalization == "layer" else keras.layers.RMSNormalization)(epsilon=epsilon)

    def build(self, input_shape):
        query, memory = self.parts(input_shape if isinstance(input_shape[0], (list, tuple)) else [input_shape, None])
        width = query[-1]
        self.layers = [Attention(causal=self.causal, rotary=self.rotary, **self.config), self.norm()]
        self.layers += [
            keras.layers.Dense(self.feed_forward or 4 * width, self.activation, **self.dense_options),
            keras.layers.Dense(width, **self.dense_options),
            self.norm(),
        ]
        self.attention, self.attention_norm, self.hidden, self.output_dense, self.last_norm = self.layers
        self.hidden.build(query)
        self.output_dense.build((*query[:-1], self.feed_forward or 4 * width))
        for layer in (self.attention, self.attention_norm, self.last_norm):
            layer.build(query)
        if memory is not None:
            self.cross, self.cross_norm = Attention(**self.config), self.norm()
            self.cross.build([query, memory])
            self.cross_norm.build(query)

    def residual(self, x, norm, compute):
        return x + compute(norm(x)) if self.order == "pre" else norm(x + compute(x))

    def call(self, inputs, mask=None):
        x, memory = self.parts(inputs)
        mask = first_mask(mask)
        x = self.residual(x, self.attention_norm, lambda y: self.attention(y, mask=mask))
        if memory is not None:
            x = self.residual(x, self.cross_norm, lambda y: self.cross([y, memory]))
        return self.residual(x, self.last_norm, lambda y: self.output_dense(self.hidden(y)))


class Positions(keras.layers.Layer):
    def __init__(self, kind, max_length=None, scale_input=False, **_options):
        super().__init__()
        self.supports_masking = True
        self.kind, self.max_length, self.scale_input = kind, max_length, scale_input

    def build(self, input_shape):
        if self.kind == "learned":
            self.table = self.add_weight(shape=(self.max_length or input_shape[1], input_shape[-1]))

    def call(self, x, mask=None):
        time, width = x.shape[1:]
        place = np.arange(width)
        angles = np.arange(self.max_length or time)[:, None] / 10000.0 ** (place // 2 * 2 / width)
        sines = tf.constant(np.where(place % 2 == 0, np.sin(angles), np.cos(angles)), tf.float32)
        table = self.table if self.kind == "learned" else sines
        positions = tf.range(time)[None] if mask is None else tf.maximum(tf.cumsum(tf.cast(mask, tf.int32), 1) - 1, 0)
        return (x * np.sqrt(width) if self.scale_input else x) + tf.cast(tf.gather(table, positions), x.dtype)


class ClassToken(keras.layers.Layer):
    def __init__(self, **_options):
        super().__init__()

    def build(self, input_shape):
        self.token = self.add_weight(shape=(1, 1, input_shape[-1]))

    def call(self, x):
        return tf.concat([tf.repeat(self.token, x.shape[0], 0), x], 1)


class Patches(keras.layers.Layer):
    def __init__(self, size, units, **options):
        super().__init__()
        self.convolution = keras.layers.Conv2D(units, size, strides=size, **options)

    def build(self, input_shape):
        self.convolution.build(input_shape)

    def call(self, x):
        y = self.convolution(x)
        return tf.reshape(y, (y.shape[0], -1, y.shape[-1]))


class TakeStep(keras.layers.Layer):
    def __init__(self, step):
        super().__init__()
        self.supports_masking = True
        self.step = step

    def call(self, x, mask=None):
        rows = np.ones(x.shape[:2], bool) if mask is None else mask.numpy()
        places = [np.flatnonzero(row)[0 if self.step == "first" else -1] for row in rows]
        return tf.stack([x[example, place] for example, place in enumerate(places)])


transformer_layers = {
    "multiHeadAttention": Attention,
    "encoderBlock": lambda **options: Block(False, **options),
    "decoderBlock": lambda **options: Block(True, **options),
    "positionalEncoding": Positions,
    "classToken": ClassToken,
    "patchEmbedding": Patches,
    "takeStep": TakeStep,
}
