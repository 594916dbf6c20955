import { formatShape } from "../../shared/shape";
import { dataTable } from "../data-table";
import { formatCount } from "../format-number";
import { Html, html } from "../html";
import type { ReportedModel } from "../reported-run";
import { type Level, section } from "./section";

/** A drawing of more is folded. */
const mostUnfolded = 30;

/** What the model is made of: its layers with shapes and parameters, and a drawing of how they are joined. */
export function modelSection(
  level: Level,
  { layers, parameters, trainableParameters, diagram }: ReportedModel,
): Html | undefined {
  const fixed = parameters - trainableParameters;
  const table = dataTable({
    caption: "Layers of the model",
    head: ["layer", "type", "takes", "output shape", "parameters"],
    rows: layers.map(({ name, type, inputs, outputShape, parameters: count }) => [
      name,
      type,
      inputs.join(", "),
      formatShape(outputShape),
      formatCount(count),
    ]),
  });
  // Made by `modelDiagram`, which escapes the names in it.
  const drawing = html`<div class="diagram" tabindex="0" role="region" aria-label="Diagram of the model">${new Html(diagram)}</div>`;
  return section(
    level,
    "The model",
    html`<p>${formatCount(parameters)} parameters${fixed > 0 ? `, ${formatCount(trainableParameters)} of them trained` : ", all trained"}.</p>`,
    html`<div class="beside">${layers.length > mostUnfolded ? html`<details><summary>Diagram of ${layers.length} layers</summary>${drawing}</details>` : drawing}<div>${table}</div></div>`,
  );
}
