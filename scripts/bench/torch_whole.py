"""From photographs to a trained model with PyTorch. Decoded images are kept in a file as one tensor."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.nn import functional as F

from torch_models import build

spec = json.loads(sys.argv[1])
torch.manual_seed(7)
classes = sorted(os.listdir(spec["photographs"]))
paths = [
    (os.path.join(spec["photographs"], name, file), label)
    for label, name in enumerate(classes)
    for file in sorted(os.listdir(os.path.join(spec["photographs"], name)))
]


def decode(path):
    with Image.open(path) as image:
        # JPEG decodes to gray and to a smaller size by itself where that is enough.
        image.draft("L", (224, 224))
        return np.asarray(ImageOps.fit(image.convert("L"), (224, 224), Image.Resampling.BILINEAR))


kept = os.path.join(spec["kept"], "images.pt")
if os.path.exists(kept):
    x, y = torch.load(kept, weights_only=True)
else:
    # Pillow decodes without Python's lock, so threads are enough.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        x = torch.from_numpy(np.stack(list(pool.map(decode, [path for path, _ in paths]))))[:, None]
    y = torch.tensor([label for _, label in paths])
    torch.save((x, y), kept)
order = torch.randperm(len(x))
validation, train = order[: len(x) // 10], order[len(x) // 10 :]
model = build("cnn-224", {"size": 224, "channels": 1, "classes": len(classes)}).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)


def run(indices, is_training):
    right = 0
    for batch in indices.split(32):
        inputs, targets = x[batch].contiguous(memory_format=torch.channels_last), y[batch]
        with torch.set_grad_enabled(is_training):
            logits = model(inputs)
            loss = F.cross_entropy(logits, targets)
        if is_training:
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        right += int((logits.argmax(-1) == targets).sum())
    return right / len(indices)


for epoch in range(spec["epochs"]):
    model.train()
    accuracy = run(train[torch.randperm(len(train))], True)
    model.eval()
    print(f"epoch {epoch + 1} accuracy {accuracy:.4f} val_accuracy {run(validation, False):.4f}", file=sys.stderr)
torch.save(model.state_dict(), os.path.join(spec["kept"], "model.pt"))
print(json.dumps({"examples": len(train), "accuracy": accuracy}))
