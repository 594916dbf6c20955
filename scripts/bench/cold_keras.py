"""What a program does that predicts one picture with Keras: from the start of the process to the answer."""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import numpy as np
from PIL import Image

model = keras.models.load_model(sys.argv[1] + ".keras", compile=False)
image = np.asarray(Image.open(sys.argv[2]).convert("L"), np.uint8)[None, :, :, None]
print(int(model.predict_on_batch(image).argmax()))
