import type { Calibration } from "../../evaluate/calibration";
import { lineChart } from "../charts/line-chart";
import { formatFigure } from "../format-number";
import type { Html } from "../html";

/** Whether the probabilities can be taken at their word: how often the model is right, by how sure it was. */
export function calibrationChart({ bins, expectedCalibrationError, maximumCalibrationError }: Calibration): Html {
  const filled = bins.flatMap(({ confidence, accuracy, examples }) =>
    confidence === null || accuracy === null ? [] : [{ x: confidence, y: accuracy, label: `${examples} examples` }],
  );
  return lineChart({
    title: "Reliability",
    description: `Expected calibration error ${formatFigure(expectedCalibrationError)}, largest ${formatFigure(maximumCalibrationError)}. On the diagonal the model is right as often as it says.`,
    x: { label: "probability it gave", domain: [0, 1] },
    y: { label: "part that was right", domain: [0, 1] },
    series: [{ name: "part that was right", colour: 0, points: filled, marked: filled }],
    reference: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    note: `Expected calibration error ${formatFigure(expectedCalibrationError)}. Below the dotted line it is too sure of itself, above it not sure enough.`,
  });
}
