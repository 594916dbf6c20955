// From what each round measured to medians and ratios.

export function median(values) {
  const sorted = values.filter((value) => value !== undefined && value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Of all epochs of all rounds. */
export const medianRate = (runs) => median(runs.flatMap(({ rates }) => rates));

export const medianOf = (runs, pick) => median(runs.map(pick));

/** How many times as much; null where one of them is not there. */
export const ratio = (value, other) => (value === null || other === null ? null : value / other);

/** One row for each model: how each tool trains it. */
export function trainingFigures({ runs, choices, title }) {
  const [dlctl, keras, torch] = ["dlctl", "keras", "torch"].map((tool) => medianRate(runs[tool]));
  return {
    title,
    dlctl,
    keras,
    torch,
    spread: spreadOf(runs.dlctl.flatMap(({ rates }) => rates)),
    overKeras: ratio(dlctl, keras),
    overTorch: ratio(dlctl, torch),
    choices,
    losses: Object.fromEntries(["dlctl", "keras", "torch"].map((tool) => [tool, runs[tool][0].losses.at(-1)])),
    parameters: Object.fromEntries(["dlctl", "keras", "torch"].map((tool) => [tool, runs[tool][0].parameters])),
    memory: Object.fromEntries(
      ["dlctl", "keras", "torch"].map((tool) => [tool, medianOf(runs[tool], ({ peakMemory }) => peakMemory)]),
    ),
  };
}

/** How far the rates lie from their median, as a share of it: half of the range. */
function spreadOf(rates) {
  return (Math.max(...rates) - Math.min(...rates)) / 2 / median(rates);
}

/** One row for each model and batch size: how many examples a second each tool predicts. */
export function predictionFigures({ runs, title }) {
  return [1, 32, 256].map((size) => {
    const of = (tool, name) => medianOf(runs[tool], ({ predictions }) => predictions[`${name} ${size}`]);
    const dlctl = of("dlctl", "batch");
    const others = {
      kerasPredict: of("keras", "predict"),
      kerasOnBatch: of("keras", "predict_on_batch"),
      torch: of("torch", "batch"),
      onnx: of("onnx", "batch"),
    };
    const ratios = Object.fromEntries(Object.entries(others).map(([tool, rate]) => [tool, ratio(dlctl, rate)]));
    return { title, size, dlctl, ...others, ratios };
  });
}
