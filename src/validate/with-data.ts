import type { LoadedConfig } from "../config/load-config";
import { openData, type TrainingData } from "../train/open-data";

/** Opens the data as training does, but keeps no cache, and closes it after `use`. Throws DataError or ConfigError. */
export async function withData<T>(
  { config, baseFolder }: LoadedConfig,
  signal: AbortSignal,
  use: (data: TrainingData) => Promise<T>,
): Promise<T> {
  const uncached = { ...config, data: { ...config.data, cache: "none" as const } };
  const data = await openData({ config: uncached, baseFolder, record: undefined }, signal);
  try {
    return await use(data);
  } finally {
    await data.inputs.close();
  }
}
