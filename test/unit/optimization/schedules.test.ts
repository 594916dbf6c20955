import { createSchedule, scheduleSchema } from "../../../src/optimization/schedule-config";
import type { ScheduleType } from "../../../src/optimization/schedules/schedule-definitions";
import { ConfigError } from "../../../src/shared/errors";

type Config = Parameters<typeof scheduleSchema.parse>[0];

/** 10 steps an epoch, 10 epochs, from a rate of 0.8. */
const context = { baseRate: 0.8, stepsPerEpoch: 10, epochs: 10 };

function make(config: Config) {
  return createSchedule(scheduleSchema.parse(config), context);
}

const samples: Record<ScheduleType, { options?: object; rates: Record<number, number> }[]> = {
  constant: [
    { rates: { 0: 0.8, 99: 0.8 } },
    { options: { warmupSteps: 4 }, rates: { 0: 0, 1: 0.2, 3: 0.6, 4: 0.8, 50: 0.8 } },
    { options: { warmupEpochs: 0.5, warmupFrom: 0.3 }, rates: { 0: 0.3, 1: 0.4, 5: 0.8 } },
  ],
  step: [
    { options: { everyEpochs: 3, factor: 0.5 }, rates: { 0: 0.8, 29: 0.8, 30: 0.4, 60: 0.2, 99: 0.1 } },
    { options: { everyEpochs: 3, warmupEpochs: 1 }, rates: { 5: 0.4, 10: 0.8, 39: 0.8, 40: 0.08 } },
  ],
  piecewise: [
    {
      options: {
        pieces: [
          { afterEpochs: 5, learningRate: 0.1 },
          { afterEpochs: 2.5, learningRate: 0.3 },
        ],
      },
      rates: { 0: 0.8, 24: 0.8, 25: 0.3, 49: 0.3, 50: 0.1, 99: 0.1 },
    },
  ],
  exponential: [
    { options: { factor: 0.25 }, rates: { 0: 0.8, 5: 0.4, 10: 0.2, 20: 0.05 } },
    { options: { factor: 0.25, staircase: true }, rates: { 9: 0.8, 10: 0.2, 19: 0.2, 20: 0.05 } },
  ],
  cosine: [
    { rates: { 0: 0.8, 25: 0.4 * (1 + Math.SQRT1_2), 50: 0.4, 100: 0, 120: 0 } },
    { options: { minLearningRate: 0.2 }, rates: { 0: 0.8, 50: 0.5, 100: 0.2 } },
    { options: { warmupEpochs: 2 }, rates: { 0: 0, 10: 0.4, 20: 0.8, 60: 0.4, 100: 0 } },
  ],
  cosineRestarts: [
    { options: { firstEpochs: 2 }, rates: { 0: 0.8, 10: 0.4, 20: 0.8, 40: 0.4, 60: 0.8 } },
    { options: { firstEpochs: 2, lengthFactor: 1, heightFactor: 0.5 }, rates: { 20: 0.4, 30: 0.2, 40: 0.2 } },
  ],
  oneCycle: [
    { rates: { 0: 0.032, 15: (0.8 + 0.032) / 2, 30: 0.8, 65: (0.8 + 0.0000032) / 2, 100: 0.0000032 } },
    { options: { riseShare: 0.5, startDivisor: 8, endDivisor: 1 }, rates: { 0: 0.1, 50: 0.8, 75: 0.45, 100: 0.1 } },
  ],
  polynomial: [
    { rates: { 0: 0.8, 25: 0.6, 50: 0.4, 100: 0, 150: 0 } },
    { options: { power: 2, minLearningRate: 0.4 }, rates: { 50: 0.5, 100: 0.4 } },
  ],
  reduceOnPlateau: [{ rates: { 0: 0.8, 99: 0.8 } }],
};

const cases = Object.entries(samples).flatMap(([type, list]) =>
  list.map((sample) => ({ ...sample, type, name: `${type} ${JSON.stringify(sample.options ?? {})}` })),
);

test.each(cases)("$name", ({ type, options, rates }) => {
  const schedule = make({ type, ...options } as Config);
  for (const [step, rate] of Object.entries(rates)) expect(schedule.rateAt(Number(step))).toBeCloseTo(rate, 12);
});

test("without a schedule the rate is the optimizer's", () => {
  expect(createSchedule(undefined, context).rateAt(1234)).toBe(0.8);
});

test("a warm-up longer than the run rises towards the optimizer's rate all the time", () => {
  const schedule = make({ type: "cosine", warmupEpochs: 12 });
  expect(schedule.rateAt(60)).toBeCloseTo(0.4, 12);
});

describe("reduceOnPlateau", () => {
  const plateau = (options: object = {}) =>
    make({ type: "reduceOnPlateau", patience: 2, factor: 0.5, ...options } as Config);
  const rates = (schedule: ReturnType<typeof plateau>, losses: number[], name = "val_loss") =>
    losses.map((loss, epoch) => {
      schedule.endEpoch?.(epoch, { [name]: loss });
      return schedule.rateAt(0);
    });

  test("waits its epochs, counts small gains as none, and says what it did", () => {
    const schedule = plateau();
    expect(rates(schedule, [1, 0.9, 0.89995, 0.8, 0.8])).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
    expect(schedule.endEpoch?.(5, { val_loss: 0.81 })).toBe(
      "learning rate reduced to 0.4: val_loss has not improved for 2 epochs",
    );
    expect(rates(schedule, [0.9, 0.9])).toEqual([0.4, 0.2]);
  });

  test("does not count in the cool-down, and stops at the least rate", () => {
    const schedule = plateau({ cooldown: 2, minLearningRate: 0.3 });
    expect(rates(schedule, [1, 1, 1])).toEqual([0.8, 0.8, 0.4]);
    expect(rates(schedule, [1, 1, 1, 1, 1, 1])).toEqual([0.4, 0.4, 0.3, 0.3, 0.3, 0.3]);
  });

  test("higher is better for shares, lower for losses and errors", () => {
    expect(rates(plateau({ monitor: "val_accuracy" }), [0.5, 0.6, 0.7, 0.8], "val_accuracy").at(-1)).toBe(0.8);
    expect(rates(plateau({ monitor: "meanAbsoluteError" }), [5, 6, 7], "meanAbsoluteError").at(-1)).toBe(0.4);
    expect(rates(plateau({ monitor: "r2", mode: "min" }), [5, 6, 7], "r2").at(-1)).toBe(0.4);
  });

  test("watches the training loss where there is no validation", () => {
    expect(rates(plateau(), [1, 1, 1], "loss").at(-1)).toBe(0.4);
  });

  test("a figure that is not there is the config's fault", () => {
    const act = () => plateau({ monitor: "val_acc" }).endEpoch?.(0, { loss: 1, val_accuracy: 0.5 });
    expect(act).toThrow(ConfigError);
    expect(act).toThrow('train.schedule.monitor: there is no figure named "val_acc"; this run has loss, val_accuracy');
  });

  test("goes on from its state as if it had never stopped, the warm-up included", () => {
    const options = { warmupSteps: 5, cooldown: 1 };
    const losses = [1, 1.1, 1, 0.9, 0.95, 0.95, 0.95, 0.95];
    const whole = plateau(options);
    rates(whole, losses);
    const first = plateau(options);
    rates(first, losses.slice(0, 4));
    const second = plateau(options);
    second.restore?.(JSON.parse(JSON.stringify(first.state?.())));
    rates(second, losses.slice(4));
    expect(second.state?.()).toEqual(whole.state?.());
    expect(second.rateAt(50)).toBe(whole.rateAt(50));
    expect(second.rateAt(2)).toBeCloseTo(whole.rateAt(50) * 0.4, 12);
  });
});

describe("scheduleSchema", () => {
  test("names alone stand for kinds without needs", () => {
    expect(scheduleSchema.parse("cosine")).toMatchObject({ type: "cosine", minLearningRate: 0, warmupEpochs: 0 });
    expect(scheduleSchema.safeParse("step").success).toBe(false);
  });

  test("one cycle has its own rise and takes no warm-up", () => {
    expect(scheduleSchema.safeParse({ type: "oneCycle", warmupSteps: 3 } as Config).success).toBe(false);
  });
});
