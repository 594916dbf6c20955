import { formatCount, formatFigure, formatSeconds } from "../format-number";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { figuresOf } from "./figures-of";

/** Figures beyond these are in the sections. */
const mostFigures = 4;

/** The first look: how good it is, on what, and what it took. */
export function headline({ trained, evaluation, model, history }: ReportedRun): Html {
  const cards = [
    ...(evaluation ? evaluatedCards(evaluation) : trainedCards(trained?.metrics ?? {})),
    ...(model ? [{ name: "parameters", value: formatCount(model.parameters), more: "" }] : []),
    {
      name: trained ? "trained" : "trained so far",
      value: `${history.length} ${history.length === 1 ? "epoch" : "epochs"}`,
      more: trained ? `${formatSeconds(trained.seconds)} on ${trained.device}` : "",
    },
  ];
  return html`<ul class="cards">${cards.map(
    ({ name, value, more }) =>
      html`<li><span>${name}</span><strong>${value}</strong>${more && html`<span>${more}</span>`}</li>`,
  )}</ul>`;
}

function evaluatedCards(evaluation: NonNullable<ReportedRun["evaluation"]>) {
  const { metrics, split, examples } = evaluation;
  const which = `on ${formatCount(examples)} ${split === "all" ? "" : `${split} `}examples`;
  const [loss, ...others] = figuresOf(evaluation);
  const own = others.filter(({ name }) => name in metrics);
  // Values have intervals by target alone.
  return [...(own.length > 0 ? own : others), loss]
    .filter((figure) => figure !== undefined)
    .slice(0, mostFigures)
    .map(({ name, value, interval }) => ({
      name,
      value: formatFigure(value),
      more: interval === undefined ? which : `${interval}, ${which}`,
    }));
}

function trainedCards(metrics: Readonly<Record<string, number | null>>) {
  const names = Object.keys(metrics);
  const validation = names.filter((name) => name.startsWith("val_"));
  return (validation.length > 0 ? validation : names).slice(0, mostFigures).map((name) => ({
    name,
    value: formatFigure(metrics[name]),
    more: name.startsWith("val_") ? "on the validation examples" : "on the training examples",
  }));
}
