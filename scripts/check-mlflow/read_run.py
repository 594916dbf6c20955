"""Prints what MLflow's own client finds in an experiment, as JSON."""

import json
import sys

from mlflow.tracking import MlflowClient

uri, experiment = sys.argv[1:]
client = MlflowClient(tracking_uri=uri, registry_uri=uri)
found = client.get_experiment_by_name(experiment)


def read(run) -> dict:
    run_id = run.info.run_id
    return {
        "status": run.info.status,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {
            key: sorted([m.step, m.value] for m in client.get_metric_history(run_id, key)) for key in run.data.metrics
        },
        "artifacts": [file.path for file in client.list_artifacts(run_id)],
    }


print(json.dumps([read(run) for run in client.search_runs([found.experiment_id])]))
