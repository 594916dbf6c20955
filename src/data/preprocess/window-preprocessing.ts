import { DataError } from "../../shared/errors";
import type { EncodedInputs } from "../encoded-inputs";
import { arrangeWindows } from "./arrange-windows";
import type { EncodeOptions, InputsOf, Preprocessing } from "./define-preprocessing";
import { fitNormalizations } from "./fit-numeric-ops";
import { normalizeValue, originalValue } from "./normalization";
import { numericOps } from "./numeric-ops";
import type { PreprocessConfig } from "./preprocess-config";
import type { WindowRecord } from "./preprocessing-record";
import { requireNoProblems } from "./require-no-problems";
import { checkUnseenTargets, targetNormalizations } from "./target-normalizations";
import type { RowSet } from "./uncut-sets";
import { withoutStage } from "./without-stage";
import { wrongKind } from "./wrong-kind";

type WindowInputs = InputsOf<"window">;
/** Fits channels and targets on the rows of the training split. */
export function fitWindows(
  ops: PreprocessConfig,
  { inputs, targets, windows }: RowSet,
  rows: Int32Array,
): Preprocessing {
  const { length, horizon, stride, relativeTo = null } = windows;
  const channels = [...inputs.names];
  requireNoProblems(checkUnseenTargets(ops, channels, targets.names, relativeTo));
  const numeric = numericOps(ops);
  const column =
    ({ names, values }: RowSet["targets"] | RowSet["inputs"]) =>
    (index: number) =>
      Float64Array.from(rows, (row) => values[row * names.length + index] as number);
  return restoreWindows({
    kind: "window",
    channels,
    targets: [...targets.names],
    window: { length, horizon, stride, relativeTo },
    normalize: fitNormalizations(numeric, channels.length, column(inputs)),
    normalizeTargets: fitNormalizations(
      targetNormalizations(numeric, channels, targets.names),
      targets.names.length,
      column(targets),
    ),
  });
}

export function restoreWindows(record: WindowRecord): Preprocessing {
  const { channels, window } = record;
  return {
    record,
    shape: [window.length, channels.length],
    dtype: "float32",
    deviceStage: withoutStage,
    facts: [],
    arrange: (set, splits) => arrangeWindows(set, splits, record),
    encode(inputs, options) {
      if (inputs.kind !== "window") throw wrongKind("window", inputs.kind);
      return encodeWindows(inputs, record, options);
    },
    toOriginal(values, inputs, example) {
      if (inputs.kind !== "window") throw wrongKind("window", inputs.kind);
      const { targets, normalizeTargets } = record;
      const base = targetBase(record, inputs, example);
      return Float32Array.from(values, (value, index) => {
        const target = index % targets.length;
        return originalValue(value + (base[target] as number), target, normalizeTargets);
      });
    },
  };
}

/** What is added to each target of one window before its scaling is undone: its value at the window's last step, scaled, or 0. */
function targetBase(
  { window, targets, normalizeTargets }: WindowRecord,
  inputs: WindowInputs,
  example: number,
): number[] {
  if (window.relativeTo === null) return targets.map(() => 0);
  const last = (inputs.starts[example] as number) + window.length - 1;
  return targets.map((name, index) => {
    const value = inputs.values[last * inputs.names.length + inputs.names.indexOf(name)] as number;
    return normalizeValue(value, index, normalizeTargets);
  });
}

function encodeWindows(inputs: WindowInputs, record: WindowRecord, { origin }: EncodeOptions): EncodedInputs {
  const { channels, window, normalize } = record;
  const { length } = window;
  if (inputs.length !== length) {
    throw new DataError(`The windows have ${inputs.length} rows, and the model takes ${length}`);
  }
  const columns = channels.map((name) => inputs.names.indexOf(name));
  const missing = channels.filter((_, index) => (columns[index] as number) < 0);
  if (missing.length > 0) {
    throw new DataError(`The inputs lack ${missing.length === 1 ? "a column" : "columns"}: ${missing.join(", ")}`, {
      hint: `The model takes ${channels.join(", ")}.`,
    });
  }
  const size = length * channels.length;
  const valueAt = (row: number, channel: number) =>
    normalizeValue(
      inputs.values[row * inputs.names.length + (columns[channel] as number)] as number,
      channel,
      normalize,
    );
  return {
    shape: [length, channels.length],
    dtype: "float32",
    async read(examples) {
      const data = new Float32Array(examples.length * size);
      let offset = 0;
      for (const example of examples) {
        const start = inputs.starts[example] as number;
        const base = channels.map((_, channel) =>
          window.relativeTo === null ? 0 : valueAt(start + length - 1, channel),
        );
        for (let row = start; row < start + length; row++) {
          for (let channel = 0; channel < channels.length; channel++) {
            const value = valueAt(row, channel) - (base[channel] as number);
            if (!Number.isFinite(value))
              throw notANumber(origin(example), row - start + 1, channels[channel] as string);
            data[offset++] = value;
          }
        }
      }
      return { data, shape: [examples.length, length, channels.length] };
    },
    async close() {},
  };
}

function notANumber(where: string, step: number, channel: string): DataError {
  return new DataError(`${where}: column ${channel} has no value at step ${step} of the window`, {
    hint: "Fill in a number.",
  });
}
