"""What a program does that predicts one picture with PyTorch: from the start of the process to the answer."""

import sys

import numpy as np
import torch
from PIL import Image

from torch_models import build

model = build("cnn-28", {"size": 28, "channels": 1, "classes": 10})
model.load_state_dict(torch.load(sys.argv[1] + ".pt", weights_only=True))
model.eval()
image = torch.from_numpy(np.array(Image.open(sys.argv[2]).convert("L")))[None, None]
with torch.inference_mode():
    print(int(model(image).argmax()))
