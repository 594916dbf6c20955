"""Reads what the Node side wrote: cases.json, and tensors.bin, to which its tensor references point."""

import json
import re
from pathlib import Path

import numpy as np


class CaseFile:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.content = json.loads((self.folder / "cases.json").read_text())
        self._bytes = (self.folder / "tensors.bin").read_bytes()

    def cases(self, kind):
        return [case for case in self.content["cases"] if case["kind"] == kind]

    def tensor(self, reference):
        """The numpy array of a reference {"offset", "shape", "dtype"}; offsets are in bytes."""
        count = int(np.prod(reference["shape"], dtype=np.int64))
        flat = np.frombuffer(self._bytes, dtype=reference["dtype"], count=count, offset=reference["offset"])
        return flat.reshape(reference["shape"])

    def tensors(self, references):
        return [self.tensor(reference) for reference in references]


def snake(name):
    """kernelSize -> kernel_size, beta1 -> beta_1."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"(?<=[a-z])(?=\d)", "_", spaced).lower()


def pascal(name):
    """meanSquaredError -> MeanSquaredError."""
    return name[0].upper() + name[1:]
