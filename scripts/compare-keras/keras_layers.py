"""From a layer of a dlctl config to the Keras layer that it must equal."""

import keras

from case_file import pascal, snake

# Where the class is not the type's name with a capital.
classes = {
    "conv1d": "Conv1D",
    "conv2d": "Conv2D",
    "conv3d": "Conv3D",
    "conv2dTranspose": "Conv2DTranspose",
    "conv3dTranspose": "Conv3DTranspose",
    "separableConv2d": "SeparableConv2D",
    "depthwiseConv2d": "DepthwiseConv2D",
    "maxPooling1d": "MaxPooling1D",
    "maxPooling2d": "MaxPooling2D",
    "maxPooling3d": "MaxPooling3D",
    "averagePooling1d": "AveragePooling1D",
    "averagePooling2d": "AveragePooling2D",
    "averagePooling3d": "AveragePooling3D",
    "globalMaxPooling1d": "GlobalMaxPooling1D",
    "globalMaxPooling2d": "GlobalMaxPooling2D",
    "globalAveragePooling1d": "GlobalAveragePooling1D",
    "globalAveragePooling2d": "GlobalAveragePooling2D",
    "upSampling2d": "UpSampling2D",
    "zeroPadding2d": "ZeroPadding2D",
    "cropping2D": "Cropping2D",
    "spatialDropout1d": "SpatialDropout1D",
    "elu": "ELU",
    "leakyReLU": "LeakyReLU",
    "prelu": "PReLU",
    "reLU": "ReLU",
    "thresholdedReLU": "ReLU",
    "simpleRNN": "SimpleRNN",
    "lstm": "LSTM",
    "gru": "GRU",
}

# Options whose name is another one in Keras 3.
renamed = {
    "leakyReLU": {"alpha": "negative_slope"},
    "thresholdedReLU": {"theta": "threshold"},
}

activations = {"swish": "silu", "logSoftmax": "log_softmax"}

# Weights are carried over, so how they start does not matter here (initializers have their own comparison).
ignored = {"type", "name", "inputs", "inputShape"}


def keras_class(layer_type):
    name = classes.get(layer_type, pascal(layer_type))
    found = getattr(keras.layers, name, None)
    if found is None:
        raise ValueError(f"Keras has no layer {name}")
    return found


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
            value = activations.get(value, value)
        elif key.endswith("Regularizer"):
            value = keras_regularizer(value)
        options[name] = keras_value(value)
    return options


def keras_layer(config):
    """The Keras layer for the config of one dlctl layer, with all options filled in."""
    return keras_class(config["type"])(**keras_options(config))


def keras_model(layers, input_shape):
    """The functional model of a dlctl `model.layers` list; `inputs` name earlier layers, or "input"."""
    source = keras.Input(input_shape)
    outputs = {"input": source}
    last = source
    for position, config in enumerate(layers):
        taken = [outputs[name] for name in config["inputs"]] if config.get("inputs") else [last]
        layer = keras_layer(config)
        if config.get("name"):
            layer.name = config["name"]
        last = layer(taken if len(taken) > 1 else taken[0])
        outputs[config.get("name") or f"#{position}"] = last
    return keras.Model(source, last)
