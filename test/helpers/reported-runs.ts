import type { ReportedRun } from "../../src/report/reported-run";

/** A run of three epochs whose names are as hostile as names can be, for what a report makes of it. */
export function hostileRun(changes: Partial<ReportedRun> = {}): ReportedRun {
  const evil = "<script>alert(1)</script>\"'&\u202e";
  const history = [1, 2, 3].map((epoch) => ({
    epoch,
    step: 10 * epoch,
    metrics: {
      loss: 1 / epoch,
      accuracy: 0.5 + epoch / 10,
      val_loss: epoch === 2 ? 0.4 : 0.6,
      val_accuracy: Number.NaN,
    },
    learningRate: 0.001,
    seconds: 0.5,
  }));
  return {
    path: `models/${evil}`,
    name: evil,
    state: "finished",
    history,
    best: { figure: "val_loss", epoch: 2 },
    trained: {
      task: "classification",
      device: "cpu",
      engine: "graph",
      seed: 1,
      epochs: 3,
      steps: 30,
      seconds: 1.5,
      finishedAt: "2026-01-02T03:04:05.678Z",
      epoch: 3,
      metrics: { loss: 1 / 3, val_loss: 0.6 },
    },
    config: { name: evil, seed: 1, train: { epochs: 3, [evil]: evil } },
    origin: { configPath: `/tmp/${evil}.json`, overrides: [`name=${evil}`], initFrom: null },
    versions: { dlctl: "0.1.0", libtensorflow: null },
    evaluation: {
      split: "test",
      examples: 20,
      loss: 0.7,
      metrics: { accuracy: 0.75 },
      confidence: {
        level: 0.95,
        resamples: 1000,
        seed: 1,
        unit: "example",
        units: 20,
        figures: [{ figure: "accuracy", target: null, value: 0.75, low: 0.6, high: 0.9 }],
      },
      details: {
        kind: "classes",
        labels: [evil, "b"],
        confusion: [
          [8, 2],
          [3, 7],
        ],
        perClass: [
          { label: evil, precision: 8 / 11, recall: 0.8, f1: 16 / 21, support: 10 },
          { label: "b", precision: 7 / 9, recall: 0.7, f1: 14 / 19, support: 10 },
        ],
        averages: {
          macro: { precision: 149 / 198, recall: 0.75, f1: 299 / 399 },
          weighted: { precision: 149 / 198, recall: 0.75, f1: 299 / 399 },
          balancedAccuracy: 0.75,
          matthewsCorrelation: 5 / Math.sqrt(99),
        },
        ranking: null,
        calibration: null,
        uncertain: [],
        topConfusions: [{ label: "b", predicted: evil, count: 3, share: 0.3 }],
        mistakes: [
          {
            origin: `${evil}.csv row 3`,
            example: 3,
            input: { kind: "text", text: evil, isCut: true },
            label: evil,
            predicted: "b",
            probability: 0.9,
            truthProbability: 0.1,
          },
        ],
      },
      warnings: [`a file named ${evil}`],
      pictures: new Map(),
      reasons: {
        list: [
          {
            output: evil,
            method: "integrated-gradients",
            isSigned: true,
            isValue: false,
            map: {
              kind: "pieces",
              pieces: [
                { text: evil, weight: 1 },
                { text: evil, weight: -0.5 },
                { text: "plain", weight: 0.01 },
              ],
              separator: " ",
              isCut: true,
              strongest: { for: [evil], against: [evil] },
            },
          },
        ],
        left: 2,
      },
    },
    data: {
      kind: "text",
      examples: { train: 80, validation: 0, test: 20 },
      balance: { labels: [evil, "b"], counts: { train: [40, 40], validation: [0, 0], test: [10, 10] } },
      distributions: [{ title: "Lengths in tokens", unit: "tokens", edges: [1, 2, 3], counts: [30, 50] }],
      samples: [
        {
          origin: evil,
          example: 0,
          input: { kind: "text", text: evil, isCut: false },
          label: evil,
          pictures: [],
          tokens: { first: [evil], isCut: false, count: 1 },
        },
      ],
    },
    missing: [`not there: \`${evil}\``],
    ...changes,
  };
}
