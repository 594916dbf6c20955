import { dataTable } from "../data-table";
import { formatSeconds } from "../format-number";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { type Level, section } from "./section";

/** All that is needed to do it again: where it ran, on what, with which seed, versions, and the whole config. */
export function configSection(level: Level, run: ReportedRun): Html | undefined {
  const { trained, origin, versions, config } = run;
  const rows: [string, string | undefined][] = [
    ["config file", origin?.configPath],
    ["overrides", origin && origin.overrides.length > 0 ? origin.overrides.join(" ") : undefined],
    ["first weights", origin?.initFrom ?? undefined],
    ["seed", trained ? String(trained.seed) : seedOf(config)],
    ["device", trained?.device],
    ["engine", trained?.engine],
    ["epochs and steps", trained && `${trained.epochs}, ${trained.steps}`],
    ["time", trained && formatSeconds(trained.seconds)],
    ["finished", trained?.finishedAt],
    ...Object.entries(versions).map(([name, version]): [string, string] => [name, version ?? "not there"]),
  ];
  const lines = JSON.stringify(config, null, 2).split("\n");
  return section(
    level,
    "How to do it again",
    dataTable({
      head: ["", "value"],
      rows: rows.filter(([, value]) => value !== undefined),
      caption: "What it was made with",
    }),
    html`<details><summary>The config, every default filled in</summary><pre tabindex="0">${lines.map(
      (line) => html`${line}
`,
    )}</pre></details>`,
  );
}

function seedOf({ seed }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof seed === "number" ? String(seed) : undefined;
}
