import type { TokenDetails } from "../../evaluate/evaluation";
import { formatTable } from "../format-table";
import { formatFigure } from "./format-figure";
import { quote } from "./show-input";

const surprisesShown = 5;

/** Figures of tokens beside those that every evaluation of them has. */
export function tokenFigureRows({ bitsPerToken, accuracy }: TokenDetails): [string, number][] {
  return [
    ["bitsPerToken", bitsPerToken],
    ["accuracy", accuracy],
  ];
}

/** How much a language model gains from what it has read, and what it did not expect. */
export function describeTokens({ tokens, byContext, surprises }: TokenDetails): string[] {
  return [
    `${tokens.toLocaleString("en-US")} tokens were predicted, each from those before it in its window`,
    "",
    ...formatTable(
      ["tokens read", "predicted", "nats per token"],
      byContext.map(({ from, to, tokens, natsPerToken }) => [
        from === to ? String(from) : `${from} to ${to}`,
        tokens,
        formatFigure(natsPerToken),
      ]),
    ),
    "",
    ...formatTable(
      ["least expected", "probability", "after"],
      surprises
        .slice(0, surprisesShown)
        .map(({ token, probability, before }) => [
          quote(token),
          probability.toPrecision(2),
          quote(Array.from(before).slice(-40).join("")),
        ]),
    ),
  ];
}
