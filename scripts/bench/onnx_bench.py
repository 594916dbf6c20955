"""Predicts with onnxruntime. Takes a JSON spec; prints one JSON object on the last line."""

import json
import sys

import numpy as np
import onnxruntime

from bench_data import read_data
from timed import timed

spec = json.loads(sys.argv[1])
x, _ = read_data(spec)
if spec["data"]["kind"] == "images":
    x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
session = onnxruntime.InferenceSession(spec["save"] + ".onnx", providers=["CPUExecutionProvider"])
figures = {}
for size in (1, 32, 256):
    given = {"x": x[np.arange(size) % len(x)]}
    figures[f"batch {size}"] = size / timed(lambda: session.run(None, given), spec["seconds"] / 3)
print(json.dumps({"predictions": figures}))
