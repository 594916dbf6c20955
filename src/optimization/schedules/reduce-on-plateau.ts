import { z } from "zod";
import { ConfigError } from "../../shared/errors";
import { defineSchedule } from "./define-schedule";
import { minLearningRate } from "./progress";
import { warmupOptions } from "./warmup";

const stateSchema = z.object({
  rate: z.number(),
  /** Null before the first epoch: JSON has no infinity. */
  best: z.number().nullable(),
  wait: z.int(),
  cooldown: z.int(),
});

export const reduceOnPlateau = defineSchedule({
  type: "reduceOnPlateau",
  description: "The rate is multiplied by a factor when a figure has not got better for some epochs.",
  options: {
    monitor: z.string().optional().describe("The figure: `val_loss` by default, `loss` where there is no validation."),
    mode: z.enum(["auto", "min", "max"]).default("auto").describe("Better is lower (losses and errors) or higher."),
    factor: z.number().positive().lt(1).default(0.1).describe("What the rate is multiplied by."),
    patience: z.int().positive().default(10).describe("Epochs without a better figure until it is."),
    minDelta: z.number().min(0).default(0.0001).describe("How much better counts as better."),
    cooldown: z.int().min(0).default(0).describe("Epochs after a reduction that are not counted."),
    minLearningRate,
    ...warmupOptions,
  },
  create: (options, { baseRate }) => {
    let state: z.output<typeof stateSchema> = { rate: baseRate, best: null, wait: 0, cooldown: 0 };
    return {
      rateAt: () => state.rate,
      state: () => ({ ...state }),
      restore: (saved) => {
        state = stateSchema.parse(saved);
      },
      /** As Keras's ReduceLROnPlateau. */
      endEpoch: (_epoch, metrics) => {
        const monitor = options.monitor ?? ("val_loss" in metrics ? "val_loss" : "loss");
        const value = monitored(metrics, monitor);
        const isCooling = state.cooldown > 0;
        if (isCooling) state = { ...state, cooldown: state.cooldown - 1, wait: 0 };
        if (isBetter(value, state.best, options.minDelta, isLowerBetter(monitor, options.mode))) {
          state = { ...state, best: value, wait: 0 };
          return undefined;
        }
        if (isCooling && state.cooldown > 0) return undefined;
        state = { ...state, wait: state.wait + 1 };
        if (state.wait < options.patience) return undefined;
        const rate = Math.max(state.rate * options.factor, options.minLearningRate);
        if (rate >= state.rate) return undefined;
        state = { ...state, rate, wait: 0, cooldown: options.cooldown };
        return `learning rate reduced to ${Number(rate.toPrecision(4))}: ${monitor} has not improved for ${options.patience} epochs`;
      },
    };
  },
});

function monitored(metrics: Readonly<Record<string, number>>, name: string): number {
  const value = metrics[name];
  if (value !== undefined) return value;
  const message = `there is no figure named "${name}"; this run has ${Object.keys(metrics).join(", ")}`;
  throw new ConfigError([{ path: "train.schedule.monitor", message }], {
    hint: "Name one of these, or leave monitor out.",
  });
}

function isLowerBetter(monitor: string, mode: "auto" | "min" | "max"): boolean {
  return mode === "auto" ? /loss|error/i.test(monitor) : mode === "min";
}

function isBetter(value: number, best: number | null, minDelta: number, isLowerBetter: boolean): boolean {
  if (Number.isNaN(value)) return false;
  if (best === null) return true;
  return isLowerBetter ? value < best - minDelta : value > best + minDelta;
}
