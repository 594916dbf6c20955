import { dlctlModule } from "./dlctl-modules.mjs";
import { given } from "./given.mjs";

const baseRate = 0.2;
const stepsPerEpoch = 8;
const epochs = 10;
const steps = stepsPerEpoch * epochs;

// Ours, and what the same schedule is called in Keras. One-cycle is not in Keras.
const pairs = [
  [{ type: "exponential", factor: 0.9 }, "ExponentialDecay", { decay_steps: stepsPerEpoch, decay_rate: 0.9 }],
  [
    { type: "exponential", factor: 0.8, staircase: true },
    "ExponentialDecay",
    { decay_steps: stepsPerEpoch, decay_rate: 0.8, staircase: true },
  ],
  [
    { type: "step", everyEpochs: 3, factor: 0.5 },
    "ExponentialDecay",
    { decay_steps: 3 * stepsPerEpoch, decay_rate: 0.5, staircase: true },
  ],
  [{ type: "cosine" }, "CosineDecay", { decay_steps: steps }],
  [
    { type: "cosine", minLearningRate: 0.02, warmupEpochs: 2, warmupFrom: 0.01 },
    "CosineDecay",
    {
      initial_learning_rate: 0.01,
      warmup_target: baseRate,
      warmup_steps: 2 * stepsPerEpoch,
      decay_steps: steps - 2 * stepsPerEpoch,
      alpha: 0.1,
    },
  ],
  [
    { type: "cosineRestarts", firstEpochs: 2, heightFactor: 0.8 },
    "CosineDecayRestarts",
    { first_decay_steps: 2 * stepsPerEpoch, m_mul: 0.8 },
  ],
  [
    { type: "cosineRestarts", firstEpochs: 2, lengthFactor: 1.5, minLearningRate: 0.02 },
    "CosineDecayRestarts",
    { first_decay_steps: 2 * stepsPerEpoch, t_mul: 1.5, alpha: 0.1 },
  ],
  [{ type: "polynomial" }, "PolynomialDecay", { decay_steps: steps, end_learning_rate: 0 }],
  [
    { type: "polynomial", power: 2, minLearningRate: 0.01 },
    "PolynomialDecay",
    { decay_steps: steps, end_learning_rate: 0.01, power: 2 },
  ],
  [
    {
      type: "piecewise",
      pieces: [
        { afterEpochs: 3, learningRate: 0.05 },
        { afterEpochs: 6, learningRate: 0.01 },
      ],
    },
    "PiecewiseConstantDecay",
    // A boundary is the last step of the old rate there, the first of the new one here.
    { boundaries: [3 * stepsPerEpoch - 1, 6 * stepsPerEpoch - 1], values: [baseRate, 0.05, 0.01] },
  ],
];

const plateau = {
  options: { factor: 0.5, patience: 2, cooldown: 1, minDelta: 0.01, minLearningRate: 0.03 },
  keras: { factor: 0.5, patience: 2, cooldown: 1, min_delta: 0.01, min_lr: 0.03 },
  losses: [1, 0.9, 0.895, 0.892, 0.891, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.6, 0.6, 0.6, 0.6, 0.6],
};

/** The rate of every step of a run, and Keras's ReduceLROnPlateau epoch by epoch. */
export async function addScheduleCases(file) {
  const { scheduleSchema, createSchedule } = dlctlModule("optimization/schedule-config");
  const context = { baseRate, stepsPerEpoch, epochs };
  for (const [options, keras, kerasOptions] of pairs) {
    const schedule = createSchedule(scheduleSchema.parse(options), context);
    const rates = Array.from({ length: steps }, (_, step) => schedule.rateAt(step));
    const first = keras === "PiecewiseConstantDecay" ? {} : { initial_learning_rate: baseRate };
    file.add({ kind: "schedule", name: given(options), keras, kerasOptions: { ...first, ...kerasOptions }, rates });
  }
  const { options, losses, keras } = plateau;
  const schedule = createSchedule(scheduleSchema.parse({ type: "reduceOnPlateau", ...options }), context);
  const rates = losses.map((loss, epoch) => {
    schedule.endEpoch(epoch, { loss, val_loss: loss });
    return schedule.rateAt(epoch * stepsPerEpoch);
  });
  const name = given({ type: "reduceOnPlateau", ...options });
  file.add({ kind: "plateau", name, baseRate, kerasOptions: keras, losses, rates });
}
