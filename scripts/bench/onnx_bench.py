"""Predicts with onnxruntime. Takes a JSON spec; prints one JSON object on the last line."""

import json
import sys
import time

import numpy as np
import onnxruntime

from bench_data import read_data

spec = json.loads(sys.argv[1])
x, _ = read_data(spec)
if spec["data"]["kind"] == "images":
    x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
session = onnxruntime.InferenceSession(spec["save"] + ".onnx", providers=["CPUExecutionProvider"])
figures = {}
for size in (1, 32, 256):
    given = {"x": x[np.arange(size) % len(x)]}
    for _ in range(3):
        session.run(None, given)
    times = []
    until = time.perf_counter() + spec["seconds"] / 3
    while not times or time.perf_counter() < until:
        started = time.perf_counter()
        session.run(None, given)
        times.append(time.perf_counter() - started)
    figures[f"batch {size}"] = size / float(np.median(times))
print(json.dumps({"predictions": figures}))
