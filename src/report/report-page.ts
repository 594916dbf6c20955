import { createHash } from "node:crypto";
import { diagramStyle } from "../inspect/diagram-style";
import { type Content, Html, html } from "./html";
import type { ReportedRun } from "./reported-run";
import { differencesSection, figuresSection, runsSection } from "./sections/comparison";
import { configSection } from "./sections/config";
import { curvesSection, letterOf } from "./sections/curves";
import { dataSection } from "./sections/data";
import { evaluationSection } from "./sections/evaluation";
import { headline } from "./sections/headline";
import { modelSection } from "./sections/model";
import type { Level } from "./sections/section";
import { style } from "./style";

/**
 * The report of one run, or of several beside each other, as one HTML file: no script, nothing from elsewhere, and a content
 * security policy that allows nothing but its own styles and the pictures in it.
 */
export function reportPage(runs: readonly ReportedRun[]): string {
  const [first] = runs;
  const title =
    runs.length === 1 && first
      ? first.name
      : `${runs.length} runs: ${[...new Set(runs.map(({ name }) => name))].join(", ")}`;
  const body = runs.length === 1 && first ? single(first) : several(runs);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · dlctl report</title>
<style>${new Html(style)}</style>
</head>
<body>
<header><h1>${title}</h1>${runs.length === 1 && first && facts(first)}</header>
<main>
${body}
</main>
<footer><p>Written by dlctl.</p></footer>
</body>
</html>
`.text;
}

const sumOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const policy = [
  "default-src 'none'",
  `style-src ${sumOf(style)} ${sumOf(diagramStyle)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function facts({ path, trained, state }: ReportedRun): Html {
  const when = trained ? `, finished ${trained.finishedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}` : "";
  return html`<p class="facts">${path}${trained && `: ${trained.task}`}${state === "unfinished" && ": the run is not finished"}${when}</p>`;
}

function single(run: ReportedRun): Content {
  return [headline(run), missing(run), parts(2, run)];
}

function parts(level: Level, run: ReportedRun): Content {
  const { evaluation, data, model } = run;
  return [
    level === 2 && curvesSection(level, [run]),
    evaluation && evaluationSection(level, evaluation),
    data && dataSection(level, data),
    model && modelSection(level, model),
    configSection(level, run),
  ];
}

function several(runs: readonly ReportedRun[]): Content {
  return [
    runsSection(runs),
    figuresSection(runs),
    curvesSection(2, runs),
    differencesSection(runs),
    runs.map(
      (run, index) =>
        html`<section><h2>${letterOf(index)}: ${run.path}</h2>${headline(run)}${missing(run)}<details><summary>All of ${letterOf(index)}</summary>${parts(3, run)}</details></section>`,
    ),
  ];
}

/** What stands between backquotes is a command. */
function withCommands(sentence: string): Content {
  return sentence.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

function missing({ missing: sentences }: ReportedRun): Content {
  return sentences.map((sentence) => html`<p class="remark">${withCommands(sentence)}</p>`);
}
