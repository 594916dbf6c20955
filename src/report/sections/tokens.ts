import type { TokenDetails } from "../../evaluate/evaluation";
import { lineChart } from "../charts/line-chart";
import { dataTable } from "../data-table";
import { formatCount, formatFigure } from "../format-number";
import { type Content, html } from "../html";
import { grid, heading, type Level } from "./section";

/** A language model: how it gains by what it has read, and what it did not expect. */
export function tokensContent(level: Level, details: TokenDetails): Content {
  const { tokens, byContext = [], surprises = [] } = details;
  const below = Math.min(4, level + 1) as Level;
  return [
    html`<p>${formatCount(tokens)} tokens were to be predicted.</p>`,
    byContext.length > 1 &&
      grid(
        lineChart({
          title: "Loss by what it has read",
          description: `From ${formatFigure(byContext[0]?.natsPerToken)} at a window's beginning to ${formatFigure(byContext.at(-1)?.natsPerToken)} at its end.`,
          x: { label: "tokens read before" },
          y: { label: "nats per token" },
          series: [
            {
              name: "nats per token",
              colour: 0,
              points: byContext.map(({ from, to, natsPerToken }) => ({ x: (from + to) / 2, y: natsPerToken })),
            },
          ],
        }),
      ),
    surprises.length > 0 && [
      heading(below, "Least expected"),
      dataTable({
        caption: "Tokens that the model did not expect",
        head: ["token", "probability", "after", "where"],
        rows: surprises.map(({ token, probability, before, origin }) => [
          html`<code>${token}</code>`,
          formatFigure(probability),
          html`<code>…${before}</code>`,
          origin,
        ]),
      }),
    ],
  ];
}
