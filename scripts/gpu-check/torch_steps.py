"""Steps of training in PyTorch, of the models that `gpu-check` measures dlctl with: `torch_steps.py cnn|gru|transformer cuda|cpu SECONDS [float32|bfloat16]`.

Data lies on the device; TF32 is allowed, as in TensorFlow. Prints one JSON object.
"""

import json
import sys
import time

import torch
from torch import nn

BATCH = 256


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.out = nn.GRU(1, 128, batch_first=True), nn.Linear(128, 5)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


class Decoder(nn.Module):
    def __init__(self, vocabulary=65, width=128, length=64):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Parameter(torch.zeros(length, width))
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 4, nn.LayerNorm(width), enable_nested_tensor=False)
        self.out = nn.Linear(width, vocabulary)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(length))

    def forward(self, x):
        return self.out(self.blocks(self.tokens(x) + self.places, mask=self.mask, is_causal=True))


def convolution(inputs, filters):
    return [nn.Conv2d(inputs, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]


def build(name):
    if name == "gru":
        return Gru(), torch.randn(BATCH, 140, 1), torch.randint(5, (BATCH,))
    if name == "transformer":
        return Decoder(), torch.randint(65, (BATCH, 64)), torch.randint(65, (BATCH, 64))
    layers = [*convolution(1, 32), nn.MaxPool2d(2), *convolution(32, 64), nn.MaxPool2d(2), *convolution(64, 64)]
    model = nn.Sequential(*layers, nn.Dropout(0.3), nn.Flatten(), nn.Linear(7 * 7 * 64, 10))
    return model, torch.randn(BATCH, 1, 28, 28), torch.randint(10, (BATCH,))


def main(name, device, seconds, precision):
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch sees no GPU")
    torch.backends.cuda.matmul.allow_tf32 = True
    model, x, y = (part.to(device) for part in build(name))
    optimizer = torch.optim.AdamW(model.parameters(), fused=device == "cuda")

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, torch.bfloat16, enabled=precision == "bfloat16"):
            loss = nn.functional.cross_entropy(model(x).flatten(0, -2), y.flatten())
        loss.backward()
        optimizer.step()

    def wait():
        if device == "cuda":
            torch.cuda.synchronize()

    for _ in range(5):
        step()
    wait()
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        for _ in range(10):
            step()
        wait()
        steps += 10
    rate = steps * BATCH / (time.perf_counter() - started)
    print(json.dumps({"examplesPerSecond": rate, "torch": torch.__version__}))


main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "float32")
