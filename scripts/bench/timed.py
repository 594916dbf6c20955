"""How long a call takes."""

import time

import numpy as np


def timed(call, seconds):
    """The median of the seconds of calls over `seconds`, after three that do not count."""
    for _ in range(3):
        call()
    times = []
    until = time.perf_counter() + seconds
    while not times or time.perf_counter() < until:
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return float(np.median(times))
