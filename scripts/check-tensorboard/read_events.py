"""Prints what TensorBoard's own reader finds in the runs of a log folder, as JSON."""

import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

# 0: keep everything.
SIZES = {"scalars": 0, "histograms": 0, "images": 0}


def read(folder: Path) -> dict:
    events = EventAccumulator(str(folder), size_guidance=SIZES)
    events.Reload()
    tags = events.Tags()
    return {
        "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {
            tag: [
                {"step": e.step, "count": e.histogram_value.num, "buckets": sum(e.histogram_value.bucket)}
                for e in events.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
        "images": [
            [tag, [e.step, e.width, e.height, *e.encoded_image_string[:2]]]
            for tag in tags["images"]
            for e in events.Images(tag)
        ],
        "graph": [node.name for node in events.Graph().node] if tags["graph"] else None,
    }


print(json.dumps({path.name: read(path) for path in sorted(Path(sys.argv[1]).iterdir())}))
