import type { Survey } from "../data-view/survey";
import type { TokenSample } from "../data-view/token-samples";
import { formatShape } from "../shared/shape";
import { visibleText } from "../shared/visible-text";
import { formatTable } from "./format-table";

const count = (value: number) => value.toLocaleString("en-US");

/** What was found in the data, for people. */
export function describeSurvey(path: string, survey: Survey): string[] {
  const { task, kind, shape, examples, facts } = survey;
  const { train, validation, test } = examples;
  return [
    `${path}: ${task} of ${kind} inputs, ${formatShape([null, ...shape])} for the model`,
    `${count(train)} examples train, ${count(validation)} validate, ${count(test)} are left for testing`,
    ...facts,
    ...classTable(survey),
    ...spreadTable(survey),
    ...copyLines(survey),
    ...lookAlikeLines(survey),
    ...outlierLines(survey),
  ];
}

const widestBar = 30;
const mostClasses = 40;

function classTable({ classes = [] }: Survey): string[] {
  if (classes.length === 0) return [];
  const most = Math.max(1, ...classes.map(({ train }) => train));
  const rows = classes
    .slice(0, mostClasses)
    .map(({ label, train, validation, test }) => [
      visibleText(label),
      train,
      validation,
      test,
      "#".repeat(Math.ceil((widestBar * train) / most)),
    ]);
  const more = classes.length - rows.length;
  return [
    "",
    ...formatTable(["class", "train", "validation", "test", ""], rows),
    ...(more > 0 ? [`and ${more} classes more`] : []),
  ];
}

function spreadTable({ spreads, decoded, kind }: Survey): string[] {
  if (spreads.length === 0) return [];
  const of = kind === "image" ? `of ${count(decoded ?? 0)} images` : "of the training examples";
  const figure = (value: number) => String(Number(value.toPrecision(4)));
  const hasMissing = spreads.some(({ missing }) => missing > 0);
  const rows = spreads.map(
    ({ name, least, lowerQuartile, median, upperQuartile, most, mean, standardDeviation, missing }) => [
      visibleText(name),
      ...[least, lowerQuartile, median, upperQuartile, most, mean, standardDeviation].map(figure),
      ...(hasMissing ? [missing] : []),
    ],
  );
  const head = [of, "least", "25 %", "median", "75 %", "most", "mean", "std", ...(hasMissing ? ["missing"] : [])];
  return ["", ...formatTable(head, rows)];
}

const mostGroups = 5;
const mostOrigins = 3;

function copyLines({ copies }: Survey): string[] {
  if (!copies) return [];
  if (copies.examples === 0) return ["", "No two examples have the same content."];
  const { examples, acrossSplits, contradictory, groups } = copies;
  const shown = groups.slice(0, mostGroups).map(({ splits, origins }) => {
    const more = origins.length > mostOrigins ? " ..." : "";
    return `  ${splits.join(" and ")}: ${origins.slice(0, mostOrigins).join(", ")}${more}`;
  });
  return [
    "",
    `Copies: ${count(examples)} ${examples === 1 ? "example has" : "examples have"} the content of another one${acrossSplits > 0 ? `, ${count(acrossSplits)} of them in another split, so that its figures are too good` : ", all within their split"}${contradictory > 0 ? `; in ${count(contradictory)} ${contradictory === 1 ? "group" : "groups"} of equal content the targets contradict each other` : ""}.`,
    ...shown,
  ];
}

function lookAlikeLines({ lookAlikes, decoded }: Survey): string[] {
  if (!lookAlikes || lookAlikes.pairs === 0) return [];
  return [
    "",
    `Look-alikes: ${count(lookAlikes.pairs)} ${lookAlikes.pairs === 1 ? "pair" : "pairs"} of the ${count(decoded ?? 0)} images that were decoded, nearly the same.`,
    ...lookAlikes.first.slice(0, mostGroups).map((pair) => `  ${pair.join(", ")}`),
  ];
}

function outlierLines({ outliers }: Survey): string[] {
  if (outliers.length === 0) return [];
  return [
    "",
    "Far from all others in size:",
    ...outliers.map(({ origin, what, value }) => `  ${origin}: ${what} ${count(value)}`),
  ];
}

/** Texts and what becomes of them. */
export function describeTokens(samples: readonly TokenSample[]): string[] {
  return samples.flatMap(({ origin, text, tokens, count: all }) => [
    "",
    `${origin}: ${JSON.stringify(text)}`,
    `  ${tokens.map(({ token, id }) => `${/^\s|\s$/.test(token) ? JSON.stringify(token) : token}=${id}`).join(" ")}${all > tokens.length ? ` ... ${count(all)} in all` : ""}`,
  ]);
}
