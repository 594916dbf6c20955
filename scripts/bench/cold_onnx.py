"""What a program does that predicts one picture with onnxruntime: from the start of the process to the answer."""

import sys

import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[1] + ".onnx", providers=["CPUExecutionProvider"])
image = np.asarray(Image.open(sys.argv[2]).convert("L"), np.uint8)[None, None]
print(int(session.run(None, {"x": image})[0].argmax()))
