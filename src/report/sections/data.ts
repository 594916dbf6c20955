import { barChart } from "../charts/bar-chart";
import { histogramChart } from "../charts/histogram-chart";
import { dataTable } from "../data-table";
import { formatCount, formatFigure } from "../format-number";
import { type Html, html } from "../html";
import type { Distribution, FeatureFigures, ReportedData, ReportedSample } from "../reported-run";
import { inputContent, originOf } from "./gallery";
import { grid, heading, type Level, section } from "./section";

const splits = ["train", "validation", "test"] as const;

/** What the model learned from: how much of what there is, how long it is, and some of it as the model sees it. */
export function dataSection(level: Level, data: ReportedData): Html | undefined {
  const { examples, balance, distributions, features, samples } = data;
  const below = Math.min(4, level + 1) as Level;
  const counts = splits.map((name) => `${formatCount(examples[name])} ${name}`).join(", ");
  const charts = [...(balance ? [balanceChart(balance)] : []), ...distributions.map(distributionChart)];
  return section(
    level,
    "The data",
    html`<p>Examples: ${counts}.</p>`,
    charts.length > 0 && grid(charts),
    features && html`<details><summary>Features of the training examples</summary>${featureTable(features)}</details>`,
    samples.length > 0 && [heading(below, "What the model sees"), sampleList(samples)],
  );
}

function balanceChart({ labels, counts }: NonNullable<ReportedData["balance"]>): Html {
  const used = splits.filter((name) => counts[name].some((count) => count > 0));
  const order = labels.map((_, index) => index).sort((a, b) => (counts.train[b] ?? 0) - (counts.train[a] ?? 0));
  const [first, last] = [order[0] as number, order.at(-1) as number];
  return barChart({
    title: "Examples of each class",
    description: `${labels.length} classes; most training examples: ${labels[first]}, ${formatCount(counts.train[first] ?? 0)}; fewest: ${labels[last]}, ${formatCount(counts.train[last] ?? 0)}.`,
    label: "class",
    categories: order.map((index) => labels[index] as string),
    series: used.map((name, colour) => ({ name, colour, values: order.map((index) => counts[name][index] ?? 0) })),
  });
}

function distributionChart({ title, unit, edges, counts, note }: Distribution): Html {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return histogramChart({
    title,
    description: `${formatCount(total)} training examples, from ${formatFigure(edges[0])} to ${formatFigure(edges.at(-1))} ${unit}.`,
    label: unit,
    unit: "examples",
    edges,
    counts,
    note,
  });
}

function featureTable(features: readonly FeatureFigures[]): Html {
  return dataTable({
    head: ["feature", "least", "mean", "most", "missing"],
    rows: features.map(({ name, least, mean, most, missing }) => [
      name,
      formatFigure(least),
      formatFigure(mean),
      formatFigure(most),
      formatCount(missing),
    ]),
  });
}

function sampleList(samples: readonly ReportedSample[]): Html {
  return html`<ul class="gallery${hasFewPictures(samples) && " pictures"}">${samples.map(
    ({ origin, label, pictures, input, tokens }) => html`<li>${
      pictures.length > 0
        ? html`<div class="strip">${pictures.map(({ what, uri }) => html`<div><img src="${uri}" alt="${origin}, ${what}">${pictures.length > 1 && what}</div>`)}</div>`
        : input && inputContent(input)
    }<div><strong>${label}</strong>${
      tokens &&
      html`<p class="tokens">${tokens.first.map((token) => html`<code>${token}</code> `)}${tokens.isCut && "…"} <small>${formatCount(tokens.count)} tokens</small></p>`
    }${originOf(origin)}</div></li>
`,
  )}</ul>`;
}

/** One beside the words; more stand above them. */
function hasFewPictures(samples: readonly ReportedSample[]): boolean {
  return samples.every(({ pictures }) => pictures.length === 1);
}
