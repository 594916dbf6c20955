"""The bench's made-up data as arrays."""

import os

import numpy as np


def read_idx(path):
    raw = np.fromfile(path, np.uint8)
    axes = int(raw[3])
    shape = raw[4 : 4 + 4 * axes].view(">u4").astype(int)
    return raw[4 + 4 * axes :].reshape(shape)


def read_data(spec):
    """Inputs and classes of all examples: pixels as `[examples, height, width, channels]` bytes, tokens as int32."""
    folder, data = spec["folder"], spec["data"]
    if data["kind"] == "images":
        images = read_idx(os.path.join(folder, "images.idx"))
        return images.reshape(*images.shape[:3], data["channels"]), read_idx(os.path.join(folder, "labels.idx")).astype(np.int32)
    numbers = np.fromfile(os.path.join(folder, "tokens.bin"), np.int32)
    if data["kind"] == "texts":
        return numbers.reshape(-1, data["tokens"]), np.fromfile(os.path.join(folder, "classes.bin"), np.int32)
    tokens = data["tokens"]
    return numbers[:-1].reshape(-1, tokens), numbers[1:].reshape(-1, tokens)


def peak_memory():
    """Most bytes that this process had in memory."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
