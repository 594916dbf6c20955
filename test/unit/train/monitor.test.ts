import { createMetric, metricSchema } from "../../../src/objectives/metric-config";
import { EarlyStopping } from "../../../src/train/early-stopping";
import { createMonitor, isBetter, type Monitor } from "../../../src/train/monitor";

const metric = (name: string) => createMetric(metricSchema.parse(name), { classes: 3, outputWidth: 3 });
const run = { metrics: [metric("accuracy")], hasValidation: true };
const lower: Monitor = { name: "val_loss", isHigherBetter: false };
const higher: Monitor = { name: "val_accuracy", isHigherBetter: true };

test.each([
  ["loss", "auto", false],
  ["val_loss", "auto", false],
  ["accuracy", "auto", true],
  ["val_accuracy", "auto", true],
  ["val_accuracy", "min", false],
  ["val_loss", "max", true],
] as const)("%s with mode %s: higher is better is %s", (name, mode, isHigherBetter) => {
  expect(createMonitor(name, mode, run, "train.monitor")).toEqual({ name, isHigherBetter });
});

test("a figure that the run has not is refused, with those it has", () => {
  const make =
    (name: string, hasValidation = true) =>
    () =>
      createMonitor(name, "auto", { ...run, hasValidation }, "train.earlyStopping.monitor");
  expect(make("val_f1")).toThrow(/train\.earlyStopping\.monitor: .*"val_f1".* val_accuracy/);
  expect(make("val_loss", false)).toThrow(/needs validation data/);
  expect(make("loss", false)).not.toThrow();
});

test("NaN is never better, anything is better than nothing, equal is not better", () => {
  expect(isBetter(lower, Number.NaN, null)).toBe(false);
  expect(isBetter(lower, 5, null)).toBe(true);
  expect(isBetter(lower, 5, 5)).toBe(false);
  expect(isBetter(lower, 4.9, 5)).toBe(true);
  expect(isBetter(lower, 4.9, 5, 0.2)).toBe(false);
  expect(isBetter(higher, 0.9, 0.8)).toBe(true);
  expect(isBetter(higher, 0.9, 0.8, 0.2)).toBe(false);
});

/** The epoch, from 1, after which training stops; undefined when it runs through. */
function stopsAfter(monitor: Monitor, options: ConstructorParameters<typeof EarlyStopping>[1], values: number[]) {
  const stopping = new EarlyStopping(monitor, options);
  const index = values.findIndex((value, position) => {
    stopping.endEpoch(position + 1, { [monitor.name]: value });
    return stopping.isStopped;
  });
  return index < 0 ? undefined : index + 1;
}

test.each([
  ["two epochs without improvement", lower, { patience: 2, minDelta: 0 }, [3, 2, 2.5, 2.1, 1], 4],
  ["an improvement starts the count anew", lower, { patience: 2, minDelta: 0 }, [3, 2, 2.5, 1, 1.5, 1.5], 6],
  ["improving all the time", lower, { patience: 1, minDelta: 0 }, [3, 2, 1], undefined],
  ["improvements smaller than minDelta do not count", lower, { patience: 2, minDelta: 0.5 }, [3, 2.9, 2.8, 2.7], 3],
  ["but add up against the best", lower, { patience: 3, minDelta: 0.5 }, [3, 2.8, 2.4, 2.3, 2.2, 2.1], 6],
  ["higher is better", higher, { patience: 1, minDelta: 0 }, [0.5, 0.6, 0.6], 3],
  ["NaN is no improvement", lower, { patience: 2, minDelta: 0 }, [Number.NaN, Number.NaN, 1], 2],
  [
    "epochs before startEpoch are not watched",
    lower,
    { patience: 1, minDelta: 0, startEpoch: 3 },
    [1, 2, 3, 2.5, 2.6],
    5,
  ],
] as const)("early stopping: %s", (_name, monitor, options, values, expected) => {
  expect(stopsAfter(monitor, options, [...values])).toBe(expected);
});

test("early stopping goes on from a stored state", () => {
  const options = { patience: 2, minDelta: 0 };
  const first = new EarlyStopping(lower, options);
  first.endEpoch(1, { val_loss: 1 });
  first.endEpoch(2, { val_loss: 2 });
  const second = new EarlyStopping(lower, options);
  second.restore(JSON.parse(JSON.stringify(first.state)));
  second.endEpoch(3, { val_loss: 1.5 });
  expect(second.state).toEqual({ best: 1, wait: 2, isStopped: true });
});
