import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { modelFiles } from "../checkpoint/model-files";
import { reportPage } from "./report-page";
import type { ReportedRun } from "./reported-run";

/** Where the report of a model is unless another file is named. */
export function reportPath(model: string): string {
  return join(model, modelFiles.run, "report.html");
}

/** Writes the report of one run, or of several side by side, to `file`; folders are made. Returns its size in bytes. Throws EnvironmentError. */
export async function writeReport(runs: readonly ReportedRun[], file: string): Promise<number> {
  const page = Buffer.from(reportPage(runs), "utf8");
  await writing(file, () => mkdir(dirname(file), { recursive: true }));
  await writeFileAtomically(file, page);
  return page.length;
}
