"""Initial weights: the distribution of ours is that of Keras's (random numbers differ, their distribution must not)."""

import keras
import numpy as np
import scipy.stats

from case_file import snake

names = {"leCunNormal": "LecunNormal", "leCunUniform": "LecunUniform"}
# With a fixed seed on both sides nothing flickers; this only has to be far from what a wrong distribution gives.
least_p_value = 1e-3


def compare_initializers(file, report):
    report.each("initializer", file.cases("initializer"), lambda case: compare_initializer(file, case, report))


def keras_initializer(config, seed):
    kind = config["type"]
    options = {snake(key): value for key, value in config.items() if key != "type" and value is not None}
    options |= {key: snake(options[key]) for key in ("mode", "distribution") if key in options}
    is_fixed = kind in ("zeros", "ones", "constant", "identity")
    seeded = {} if is_fixed else {"seed": seed}
    return getattr(keras.initializers, names.get(kind, kind[0].upper() + kind[1:]))(**options, **seeded)


def compare_initializer(file, case, report):
    actual = file.tensor(case["values"]).astype(np.float64)
    expected = np.asarray(keras_initializer(case["config"], 1)(case["values"]["shape"]), np.float64)
    if case["config"]["type"] in ("zeros", "ones", "constant", "identity"):
        return report.compare("initializer", case["name"], "values", actual, expected, 1e-7)
    count = actual.size
    spread = expected.std()
    for what, ours, theirs, error in (
        ("mean, in standard deviations", actual.mean(), expected.mean(), np.sqrt(2 / count)),
        ("standard deviation, relative", actual.std(), expected.std(), np.sqrt(2 / count)),
    ):
        report.add("initializer", case["name"], what, float(abs(ours - theirs) / spread), float(5 * error))
    if case["config"]["type"] == "orthogonal":
        rows = actual.reshape(-1, actual.shape[-1])
        gram = rows.T @ rows if rows.shape[0] >= rows.shape[1] else rows @ rows.T
        gain = case["config"].get("gain") or 1.0
        return report.compare("initializer", case["name"], "columns are orthonormal", gram, gain**2 * np.eye(len(gram)), 1e-5)
    p_value = scipy.stats.ks_2samp(actual.ravel(), expected.ravel()).pvalue
    # As a figure that must be small: how far below the least p-value it is.
    report.add("initializer", case["name"], "Kolmogorov-Smirnov", float(max(0.0, least_p_value - p_value)), 0.0, f"p = {p_value:.3f}")
