import type { Config } from "../config/config-schema";
import { isMostlyOwn } from "../model/is-mostly-own";
import type { StartOptions } from "../runtime/start-runtime";

/** What a config says of how its training is to be computed, once the device is chosen. */
export function startOptionsOf({
  model,
  train,
}: Config): Pick<StartOptions, "threads" | "gpuMemoryMegabytes" | "precision" | "isMostlyOwn"> {
  const { threads, gpuMemoryMB: gpuMemoryMegabytes, precision } = train;
  return {
    ...(threads !== undefined && { threads }),
    gpuMemoryMegabytes,
    precision,
    isMostlyOwn: isMostlyOwn(model.layers.map(({ type }) => type)),
  };
}
