"""Collects differences, prints them, and keeps them for the Node side."""

import json
import math

import numpy as np


def difference(actual, expected):
    """Largest difference of two arrays, each element's relative to the larger of 1 and the expected magnitude."""
    actual, expected = np.asarray(actual, np.float64), np.asarray(expected, np.float64)
    if actual.shape != expected.shape:
        return math.inf
    if actual.size == 0:
        return 0.0
    if not np.array_equal(np.isfinite(actual), np.isfinite(expected)):
        return math.inf
    finite = np.isfinite(expected)
    gaps = np.abs(actual[finite] - expected[finite]) / np.maximum(1.0, np.abs(expected[finite]))
    return float(gaps.max(initial=0.0))


class Report:
    def __init__(self):
        self.rows = []

    def compare(self, group, case, what, actual, expected, tolerance):
        actual, expected = np.asarray(actual), np.asarray(expected)
        note = ""
        if actual.shape != expected.shape:
            note = f"shape {list(actual.shape)}, Keras {list(expected.shape)}"
        self.add(group, case, what, difference(actual, expected), tolerance, note)

    def add(self, group, case, what, value, tolerance, note=""):
        """A figure that must be at most `tolerance`; one without tolerance is for information."""
        is_right = tolerance is None or value <= tolerance
        row = {"group": group, "case": case, "what": what, "difference": value, "tolerance": tolerance}
        self.rows.append(row | {"isRight": bool(is_right), "note": note})

    def fail(self, group, case, problem):
        self.add(group, case, "cannot be compared", math.inf, 0.0, problem)

    def each(self, group, cases, compare):
        """Calls `compare(case)` for each; what it raises is a failure of that case and not the end of all."""
        for case in cases:
            try:
                compare(case)
            except Exception as error:
                self.fail(group, case["name"], f"{type(error).__name__}: {error}")

    @property
    def failures(self):
        return [row for row in self.rows if not row["isRight"]]

    def print(self, is_verbose):
        shown = self.rows if is_verbose else self.failures
        for row in shown:
            mark = "ok  " if row["isRight"] else "FAIL"
            limit = "" if row["tolerance"] is None else f" (at most {row['tolerance']:g})"
            print(f"{mark} {row['group']}: {row['case']}, {row['what']}: {row['difference']:.3g}{limit} {row['note']}")
        print(f"{len(self.rows) - len(self.failures)} figures agree, {len(self.failures)} do not")

    def save(self, path, versions):
        rows = [row | {"difference": finite_or_none(row["difference"])} for row in self.rows]
        path.write_text(json.dumps({"versions": versions, "rows": rows}))


def finite_or_none(value):
    return value if math.isfinite(value) else None
