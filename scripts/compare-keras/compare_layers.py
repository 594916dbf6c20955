"""Each layer kind: the same weights and inputs give the same outputs and the same gradients."""

import inspect

import keras
import numpy as np
import tensorflow as tf

from keras_layers import keras_activation, keras_arguments, keras_layer, keras_regularizer

output_tolerance = 1e-5
gradient_tolerance = 1e-4


def compare_layers(file, report):
    report.each("layer", file.cases("layer"), lambda case: compare_layer(file, case, report))


def with_positive_axes(config, rank):
    """Keras sorts a list of axes before it counts from the end, so that [1, -1] is not [1, 3] to it."""
    axis = config.get("axis")
    return config | {"axis": [each % rank for each in axis]} if isinstance(axis, list) else config


def compare_layer(file, case, report):
    name = case["name"]
    inputs = [tf.constant(value) for value in file.tensors(case["inputs"])]
    layer = keras_layer(with_positive_axes(case["config"], len(inputs[0].shape)))
    argument = inputs if case["isMerge"] else inputs[0]
    shapes = [tuple(value.shape) for value in inputs]
    layer.build(shapes if case["isMerge"] else shapes[0])
    weights = file.tensors(case["weights"])
    if config_has_heads(case["config"]) and len(layer.weights) == len(weights):
        # Keras keeps the biases of attention as [heads, width], dlctl on one axis.
        weights = [ours.reshape(theirs.shape) for ours, theirs in zip(weights, layer.weights)]
    if [list(weight.shape) for weight in layer.weights] != [list(weight.shape) for weight in weights]:
        theirs, ours = [list(w.shape) for w in layer.weights], [list(w.shape) for w in weights]
        return report.fail("layer", name, f"weights {ours}, Keras {theirs}")
    layer.set_weights(weights)
    watched = [value for value in inputs if value.dtype.is_floating]
    trainable = [variable.value for variable in layer.trainable_variables]
    probe = tf.constant(file.tensor(case["probe"]))
    with tf.GradientTape() as tape:
        tape.watch(watched)
        output = layer(argument, **call_arguments(file, case))
        if output.shape != probe.shape:
            return report.fail("layer", name, f"output {list(probe.shape)}, Keras {list(output.shape)}")
        total = tf.reduce_sum(output * probe)
        penalty = float(sum(float(loss) for loss in layer.losses))
    found = tape.gradient(total, trainable + watched, unconnected_gradients="zero")
    # An embedding's is a list of rows.
    gradients = [tf.convert_to_tensor(gradient) for gradient in found]
    moving = [weight.numpy() for weight in layer.non_trainable_weights if "seed" not in weight.name]
    for device, result in case["devices"].items():
        label = f"{name} ({device})"
        report.compare("layer", label, "output", file.tensor(result["output"]), output, output_tolerance)
        for reference, gradient in zip(result["gradients"], gradients, strict=True):
            ours = file.tensor(reference)
            if config_has_heads(case["config"]):
                gradient = tf.reshape(gradient, ours.shape)
            report.compare("layer", label, "gradient", ours, gradient, gradient_tolerance)
        for reference, value in zip(result["statistics"], moving, strict=True):
            report.compare("layer", label, "moving statistics", file.tensor(reference), value, output_tolerance)
        report.compare("layer", label, "penalty", result["penalty"], penalty, output_tolerance)


def config_has_heads(config):
    return "heads" in config


def call_arguments(file, case):
    """A mask says which steps count."""
    mask = {"mask": tf.constant(file.tensor(case["mask"]) > 0)} if "mask" in case else {}
    # Layers without dropout in Keras don't take the argument.
    accepted = inspect.signature(keras_layer(case["config"]).call).parameters
    return mask | ({"training": case["isTraining"]} if "training" in accepted else {})


def compare_activations(file, report):
    for case in file.cases("activation"):
        function = keras_activation(case["name"])
        inputs = tf.constant(file.tensor(case["inputs"]))
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            expected = function(inputs)
            total = tf.reduce_sum(expected * tf.constant(file.tensor(case["probe"])))
        gradient = tape.gradient(total, inputs)
        for device, result in case["devices"].items():
            label = f"{case['name']} ({device})"
            report.compare("activation", label, "output", file.tensor(result["output"]), expected, output_tolerance)
            report.compare("activation", label, "gradient", file.tensor(result["gradient"]), gradient, gradient_tolerance)


def compare_random_layers(file, report):
    """Dropout and noise: masks can't be equal, so the moments of many draws are compared, five standard errors wide."""
    for case in file.cases("randomLayer"):
        layer = keras_layer(case["config"])
        inputs = tf.constant(file.tensor(case["inputs"]))
        draws = [np.asarray(layer(inputs, training=True), np.float64) for _ in range(case["draws"])]
        expected = np.stack(draws).ravel()
        for device, result in case["devices"].items():
            label = f"{case['name']} ({device})"
            actual = file.tensor(result["outputs"]).astype(np.float64).ravel()
            for what, moment in (("mean", lambda v: v), ("mean square", np.square), ("share of zeros", lambda v: v == 0)):
                ours, theirs = moment(actual), moment(expected)
                # Spatial dropout draws one number for a whole map: fewer independent draws than elements.
                independent = actual.size / case["elementsPerDraw"]
                error = np.sqrt((ours.var() + theirs.var()) / independent)
                gap = abs(ours.mean() - theirs.mean())
                report.add("random layer", label, what, float(gap), float(5 * error + 1e-7))


def compare_weight_rules(file, report):
    for case in file.cases("constraint"):
        config = {key: value for key, value in case["config"].items() if key != "type"}
        names = {"maxNorm": "MaxNorm", "minMaxNorm": "MinMaxNorm", "nonNeg": "NonNeg", "unitNorm": "UnitNorm"}
        constraint = getattr(keras.constraints, names[case["config"]["type"]])(**keras_arguments(config))
        expected = constraint(tf.constant(file.tensor(case["weights"])))
        for device, reference in case["devices"].items():
            label = f"{case['name']} ({device})"
            report.compare("constraint", label, "weights", file.tensor(reference), expected, output_tolerance)
    for case in file.cases("regularizer"):
        expected = keras_regularizer(case["config"])(tf.constant(file.tensor(case["weights"])))
        for device, value in case["devices"].items():
            report.compare("regularizer", f"{case['name']} ({device})", "penalty", value, expected, output_tolerance)
