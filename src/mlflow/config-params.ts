/** As MLflow takes it. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

// MLflow's limits: letters, digits and `_-. :/` in keys of up to 250 characters; the oldest servers take values of 500.
const longestKey = 250;
const longestValue = 500;

/** Every value of a config, by its path: `train.batchSize`, `model.layers.0.units`. Longer lists are one value, as JSON. */
export function configParams(config: unknown, path = ""): KeyValue[] {
  if (config === undefined) return [];
  const isBranch = typeof config === "object" && config !== null && !isListOfScalars(config);
  if (isBranch && Object.keys(config).length > 0) {
    return Object.entries(config).flatMap(([key, value]) => configParams(value, path === "" ? key : `${path}.${key}`));
  }
  const value = typeof config === "string" ? config : JSON.stringify(config);
  return [{ key: mlflowKey(path), value: value.slice(0, longestValue) }];
}

/** `name` as MLflow takes it in keys. */
export function mlflowKey(name: string): string {
  return name.replace(/[^\w\-. :/]/g, "_").slice(0, longestKey);
}

function isListOfScalars(value: object): boolean {
  return Array.isArray(value) && value.every((each) => typeof each !== "object" || each === null);
}
