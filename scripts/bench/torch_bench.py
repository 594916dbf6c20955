"""Trains and predicts with PyTorch. Takes a JSON spec; prints one JSON object on the last line.

`variants` names ways to train: all are tried in one process where there are several, and their rates given.
"""

import json
import sys
import time
import warnings

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset

from bench_data import peak_memory, read_data
from torch_models import build
from timed import timed

VARIANTS = {
    "eager": {},
    "eager, channels last": {"channels_last": True},
    "torch.compile": {"compile": True},
    "torch.compile, channels last": {"compile": True, "channels_last": True},
}


def augment(x):
    """A flip of each image, and a move by up to 4 pixels, on the whole batch."""
    count, channels, height, width = x.shape
    x = torch.where(torch.rand(count, 1, 1, 1) < 0.5, x.flip(3), x)
    padded = F.pad(x, (4, 4, 4, 4))
    rows = torch.randint(0, 9, (count, 1)) + torch.arange(height)
    columns = torch.randint(0, 9, (count, 1)) + torch.arange(width)
    image = torch.arange(count)[:, None, None]
    return padded[image, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def loss_of(logits, targets):
    return F.cross_entropy(logits.flatten(0, -2), targets.flatten())


def prepare(spec, variant):
    options = VARIANTS[variant]
    torch.manual_seed(1)
    model = build(spec["name"], spec["data"])
    if options.get("channels_last"):
        model = model.to(memory_format=torch.channels_last)
    return model, (torch.compile(model) if options.get("compile") else model), options


def train(spec, variant, x, y, epochs):
    model, compiled, options = prepare(spec, variant)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    data = TensorDataset(x, y)
    # A whole batch by one indexing: far faster than to collate single examples.
    sampler = BatchSampler(RandomSampler(data), spec["batchSize"], drop_last=False)
    loader = DataLoader(data, sampler=sampler, batch_size=None)
    rates, losses = [], []
    model.train()
    for epoch in range(epochs):
        started = time.perf_counter()
        loss_sum, right, seen = torch.zeros(()), torch.zeros((), dtype=torch.long), 0
        for inputs, targets in loader:
            if spec["name"] == "residual":
                inputs = augment(inputs)
            if options.get("channels_last"):
                inputs = inputs.contiguous(memory_format=torch.channels_last)
            logits = compiled(inputs)
            loss = loss_of(logits, targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            loss_sum += loss.detach() * len(inputs)
            right += (logits.argmax(-1) == targets).sum()
            seen += targets.numel()
        losses.append(float(loss_sum) / len(x))
        rates.append(len(x) / (time.perf_counter() - started))
        print(f"epoch {epoch + 1}/{epochs} loss {losses[-1]:.4f} accuracy {int(right) / seen:.4f}", file=sys.stderr)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    buffers = sum(buffer.numel() for buffer in model.buffers() if buffer.is_floating_point())
    return model, {"rates": rates[1:], "losses": losses, "parameters": parameters + buffers}


def predict(spec, model, variant, x, seconds, sizes=(1, 32, 256)):
    options = VARIANTS[variant]
    model.eval()
    if options.get("channels_last"):
        model = model.to(memory_format=torch.channels_last)
    figures = {}
    with torch.inference_mode():
        for size in sizes:
            batch = x[torch.arange(size) % len(x)]
            if options.get("channels_last"):
                batch = batch.contiguous(memory_format=torch.channels_last)
            # Compiled anew for each size, which is faster than one program for all.
            called = torch.compile(model, dynamic=False) if options.get("compile") else model
            figures[f"batch {size}"] = size / timed(lambda: called(batch).numpy(), seconds / len(sizes))
    return figures


def export(spec, model, x, path):
    """For onnxruntime; softmax is added, as what users want is probabilities."""
    model.eval()
    warnings.simplefilter("ignore")
    # The scripted exporter knows any batch size and recurrent layers.
    torch.onnx.export(
        torch.nn.Sequential(model, torch.nn.Softmax(-1)),
        (x[:2],),
        path,
        dynamo=False,
        opset_version=17,
        input_names=["x"],
        dynamic_axes={"x": {0: "batch"}},
    )


def attempt(variant, call):
    try:
        return call()
    except Exception as error:
        print(f"{variant}: {error}", file=sys.stderr)
        return None


def main():
    spec = json.loads(sys.argv[1])
    x, y = read_data(spec)
    x, y = torch.from_numpy(np.array(x)), torch.from_numpy(np.array(y)).long()
    if spec["data"]["kind"] == "images":
        x = x.permute(0, 3, 1, 2).contiguous()
    if len(spec["variants"]) > 1:
        tried, answering = {}, {}
        for variant in spec["variants"]:
            tried[variant] = attempt(variant, lambda: train(spec, variant, x, y, 2)[1]["rates"][-1])
            answering[variant] = attempt(
                variant, lambda: predict(spec, prepare(spec, variant)[0], variant, x, 0.3, (32,))["batch 32"]
            )
        result = {"tried": tried, "triedPrediction": answering}
    else:
        model, result = train(spec, spec["variants"][0], x, y, spec["epochs"])
        result["peakMemory"] = peak_memory()
        if spec.get("save"):
            torch.save(model.state_dict(), spec["save"] + ".pt")
            model = model.to(memory_format=torch.contiguous_format)
            export(spec, model, x, spec["save"] + ".onnx")
        result["predictions"] = predict(spec, model, spec["predictVariant"], x, spec["seconds"])
    print(json.dumps(result))


main()
