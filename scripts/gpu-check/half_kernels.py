"""Which ops that dlctl computes in half (src/engine/graph/half-ops.ts), or by cuDNN, a libtensorflow has no GPU kernel for: `half_kernels.py FOLDER`.

FOLDER holds libtensorflow_cc.so.2 and libtensorflow_framework.so.2 of a build for CUDA; no GPU is needed, as kernels are registered when the
libraries are loaded. Ends with 1 where a kernel is missing: TensorFlow would compute that op on the CPU, and say nothing.
"""

import ctypes
import os
import re
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
TYPES = {"float16": 19, "bfloat16": 14}
CUDNN = ["CudnnRNNV3", "CudnnRNNBackpropV3"]
FLOAT32 = 1
SOURCE = Path(__file__).parents[2] / "src/engine/graph/half-ops.ts"


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t), ("free", ctypes.c_void_p)]


def main(folder):
    ctypes.CDLL(f"{folder}/libtensorflow_framework.so.2", mode=ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(f"{folder}/libtensorflow_cc.so.2", mode=ctypes.RTLD_GLOBAL)
    library.TF_NewStatus.restype = ctypes.c_void_p
    library.TF_GetRegisteredKernelsForOp.restype = ctypes.POINTER(Buffer)
    library.TF_GetRegisteredKernelsForOp.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    status = library.TF_NewStatus()
    missing, count = [], 0

    def types_of(op):
        buffer = library.TF_GetRegisteredKernelsForOp(op.encode(), status).contents
        return gpu_types(ctypes.string_at(buffer.data, buffer.length))

    for op in CUDNN:
        count += 1
        if FLOAT32 not in types_of(op):
            missing.append(f"{op} in float32")
    for op in sorted(ops()):
        types = types_of(op)
        for name, number in TYPES.items():
            # Recurrent layers are computed in float16 alone.
            if op.startswith("BlockLSTM") and name == "bfloat16":
                continue
            count += 1
            if number not in types and "any" not in types:
                missing.append(f"{op} in {name}")
    print(f"{count - len(missing)} of {count} kernels are there", *missing, sep="\n  ")
    return 1 if missing else 0


def ops():
    """The keys of its three tables."""
    return set(re.findall(r"^  ([A-Z]\w+): ", SOURCE.read_text(), re.MULTILINE))


def gpu_types(kernels):
    """The types `T` of the GPU kernels in a KernelList (kernel_def.proto)."""
    found = set()
    for _, kernel in fields(kernels):
        parts = list(fields(kernel))
        # Field 2 is the device, 3 the constraints, 5 a label that a graph must ask for.
        if (2, b"GPU") not in parts or any(number == 5 for number, _ in parts):
            continue
        constraints = [dict(fields(value)) for number, value in parts if number == 3]
        types = [constraint for constraint in constraints if constraint.get(1) == b"T"]
        if not types:
            found.add("any")
        for constraint in types:
            for _, allowed in fields(dict(fields(constraint[2]))[1]):
                found.update([allowed] if isinstance(allowed, int) else varints(allowed))
    return found


def fields(data):
    """The fields of a protobuf message: number and value."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        yield key >> 3, value


def varints(data):
    at = 0
    while at < len(data):
        value, at = varint(data, at)
        yield value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


sys.exit(main(sys.argv[1]))
