"""A trained model folder, read without dlctl, in an equal Keras model: the same outputs on the same pixels."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from keras_layers import keras_model


def compare_folders(file, report):
    report.each("model folder", file.cases("folder"), lambda case: compare_folder(file, case, report))
    for case in file.cases("resize"):
        report_resize(file, case, report)


def read_weights(folder):
    """The weights of a TensorFlow.js LayersModel, in file order."""
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    weights = []
    for group in manifest:
        content = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            count = int(np.prod(entry["shape"], dtype=np.int64))
            flat = np.frombuffer(content, dtype=entry["dtype"], count=count, offset=offset)
            weights.append((entry["name"], flat.reshape(entry["shape"])))
            offset += flat.nbytes
    return weights


def compare_folder(file, case, report):
    name = case["name"]
    model = keras_model(case["layers"], case["inputShape"])
    assign(model, read_weights(Path(case["folder"])))
    pixels = file.tensor(case["inputs"])
    expected = model.predict(pixels, verbose=0)
    for device, reference in case["devices"].items():
        report.compare("model folder", f"{name} ({device})", "probabilities", file.tensor(reference), expected, 1e-5)
    for line, row in zip(case["predictions"], expected, strict=True):
        ours = {entry["label"]: entry["probability"] for entry in line["predictions"]}
        theirs = [float(row[case["labels"].index(label)]) for label in ours]
        report.compare("model folder", name, "dlctl predict --json", list(ours.values()), theirs, 1e-5)


def assign(model, weights):
    """tfjs lists all trainable weights before the others; here they go by layer, in Keras's order."""
    by_layer = {}
    for weight_name, value in weights:
        by_layer.setdefault(weight_name.rsplit("/", 1)[0], []).append(value)
    layers = [layer for layer in model.layers if layer.weights]
    if len(layers) != len(by_layer):
        raise ValueError(f"{len(by_layer)} layers with weights in the file, {len(layers)} in Keras")
    for layer in layers:
        layer.set_weights(by_layer[layer.name])


def report_resize(file, case, report):
    """For information only: libvips and PIL shrink with filters of their own."""
    filters = {"lanczos3": Image.Resampling.LANCZOS, "linear": Image.Resampling.BILINEAR}
    for picture in case["pictures"]:
        ours = file.tensor(picture["pixels"]).astype(np.float64)
        height, width = ours.shape[:2]
        image = Image.open(picture["path"]).convert("RGB")
        theirs = np.asarray(image.resize((width, height), filters[picture["kernel"]]), np.float64)
        gaps = np.abs(ours - theirs)
        what = "sharp against PIL, largest of 255"
        report.add("resize", picture["name"], what, float(gaps.max()), None, f"mean {gaps.mean():.3f}")
