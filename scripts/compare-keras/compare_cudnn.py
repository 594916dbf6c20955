"""What dlctl gives to TensorFlow's operation of cuDNN, byte for byte beside what Keras gives to it for the same layer and inputs."""

from unittest.mock import patch

import numpy as np
import tensorflow as tf
from keras.src.backend.tensorflow.rnn import _cudnn_gru, _cudnn_lstm

inputs = ["input", "input_h", "input_c", "params", "sequence_lengths"]

# Of the operation's definition, where Keras leaves them out.
defaults = {"input_mode": "linear_input", "direction": "unidirectional", "dropout": 0, "seed": 0, "seed2": 0, "num_proj": 0}


class Seen(Exception):
    """Ends a call where cuDNN would begin."""


def compare_cudnn(file, report):
    report.each("cudnn", file.cases("cudnn"), lambda case: compare(file, report, case))


def compare(file, report, case):
    expected = call_of_keras(case["mode"], *file.tensors(case["given"]))
    for name, reference in zip(inputs, case["call"]["inputs"], strict=True):
        wanted = np.asarray(expected.pop(name))
        # A GRU has no cell state: any tensor will do.
        if name != "input_c" or case["mode"] == "lstm":
            report.add("cudnn", case["name"], name, differing_bytes(file.tensor(reference), wanted), 0.0)
    attributes = case["call"]["attributes"]
    wanted = {"T": "float32"} | defaults | expected
    differing = [name for name in attributes | wanted if attributes.get(name) != wanted.get(name)]
    report.add("cudnn", case["name"], "attributes", float(len(differing)), 0.0, ", ".join(differing))


def differing_bytes(actual, wanted):
    if actual.shape != wanted.shape or actual.dtype != wanted.dtype:
        return float("inf")
    return float(sum(a != b for a, b in zip(actual.tobytes(), wanted.tobytes(), strict=True)))


def call_of_keras(mode, x, kernel, recurrent_kernel, bias):
    """The arguments of its call of tf.raw_ops.CudnnRNNV3, on a TensorFlow that takes itself for one that is built for CUDA."""
    seen = {}

    def see(**arguments):
        seen.update(arguments)
        raise Seen

    state = tf.zeros([x.shape[0], recurrent_kernel.shape[0]])
    run, states = (_cudnn_lstm, [state, state]) if mode == "lstm" else (_cudnn_gru, [state])
    weights = [tf.constant(weight) for weight in (kernel, recurrent_kernel, bias)]
    build = {"is_cuda_build": True, "is_rocm_build": False}
    with patch.object(tf.raw_ops, "CudnnRNNV3", see), patch.object(tf.sysconfig, "get_build_info", lambda: build):
        try:
            # Neither mask, nor time first, nor backwards; sequences.
            run(tf.constant(x), *states, *weights, None, False, False, True)
        except Seen:
            return seen
    raise AssertionError("Keras has not called it")
