"""Compares what dlctl computed (cases.json, tensors.bin in the folder given) with Keras; exits with 1 on a difference."""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy
import tensorflow

from case_file import CaseFile
from compare_cudnn import compare_cudnn
from compare_evaluations import compare_evaluations
from compare_folders import compare_folders
from compare_initializers import compare_initializers
from compare_layers import compare_activations, compare_layers, compare_random_layers, compare_weight_rules
from compare_objectives import compare_losses, compare_metrics
from compare_optimization import compare_optimizers, compare_schedules
from compare_precision import compare_precision
from compare_training import compare_training
from report import Report

parts = [
    *(compare_layers, compare_activations, compare_random_layers, compare_weight_rules, compare_initializers),
    *(compare_losses, compare_metrics, compare_optimizers, compare_schedules, compare_training),
    *(compare_precision, compare_folders, compare_evaluations, compare_cudnn),
]


def main(folder, is_verbose):
    keras.utils.set_random_seed(7)
    file = CaseFile(folder)
    report = Report()
    for part in parts:
        part(file, report)
    versions = {
        "keras": keras.__version__,
        "tensorflow": tensorflow.__version__,
        "numpy": numpy.__version__,
        "python": sys.version.split()[0],
    }
    report.save(Path(folder) / "report.json", versions)
    report.print(is_verbose)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--verbose" in sys.argv))
