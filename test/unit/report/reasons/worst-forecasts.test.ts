import { worstForecasts } from "../../../../src/report/reasons/worst-forecasts";

const errors = { mae: 1, rmse: 1 };

test("takes each target's worst forecast, at the step ahead that is farthest off", () => {
  const sample = { origin: "rows", example: 4, isWorst: true, mae: 1, before: [0] };
  const target = { ...errors, steps: [], bias: 0, naive: { lastValue: errors, lastHorizon: null } };
  const details = {
    kind: "forecasts",
    horizon: 3,
    targets: [
      {
        ...target,
        name: "height",
        samples: [
          { ...sample, isWorst: false, truth: [0, 0, 0], predicted: [9, 9, 9] },
          { ...sample, truth: [1, 2, 3], predicted: [1.5, 0, 3] },
        ],
      },
      { ...target, name: "wind", samples: [] },
    ],
  } as const;
  expect(worstForecasts(details)).toEqual([
    { ...details.targets[0].samples[1], output: "height+2", predictedThen: 0, truthThen: 2 },
  ]);
});
