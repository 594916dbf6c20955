import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRun } from "../../../src/checkpoint/model-files";
import { readModelFolder } from "../../../src/checkpoint/model-folder";
import { EnvironmentError } from "../../../src/shared/errors";
import { failWrites } from "../../helpers/failing-writes";
import { startJsRuntime } from "../../helpers/runtime";
import { resumeAll, ringsRequest, trainAll, weightsOf, writeRings } from "../../helpers/tiny-training";

let folder: string;
beforeAll(async () => {
  await startJsRuntime();
  folder = mkdtempSync(join(tmpdir(), "dlctl-write-failures-"));
  writeRings(path("rings.csv"), 24);
  await train("old", ["train.epochs=1"]);
  await train("whole");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const overrides = ["train.epochs=2", "train.batchSize=16", "train.keep=best", "train.checkpoints.keepLast=1"];
const path = (...parts: string[]) => join(folder, ...parts);
const train = async (model: string, more: string[] = []) =>
  trainAll(await ringsRequest(folder, [...overrides, ...more], { model: path(model) }));

/** Files and folders that have no place in a model folder that nobody works on. */
function leftovers(model: string): string[] {
  const names = existsSync(model) ? (readdirSync(model, { recursive: true }) as string[]) : [];
  return names.filter((name) => /\.tmp$|\.run-|replaced|(^|\/)lock/.test(name));
}

interface Fault {
  readonly nth: number;
  readonly code: string;
  /** All later writes fail, too: the disk stays full. */
  readonly isLasting: boolean;
}

/** Trains while a write fails, and checks what is left; `unharmed`: there was no such write. */
async function trainWithFault(model: string, fault: Fault): Promise<"unharmed" | "failed" | "harmless"> {
  const old = existsSync(path(model, "dlctl.json")) ? weightsOf(path(model)) : undefined;
  const faults = failWrites({ folder: path(model), ...fault });
  const error: unknown = await train(model).then(
    () => undefined,
    (reason) => reason,
  );
  faults.stop();
  const { fired } = faults;
  const what = `${fault.code} at write ${fault.nth}${fault.isLasting ? " and after" : ""}: ${fired}`;
  const require = (isTrue: boolean, problem: string) => {
    if (!isTrue) throw new Error(`${what}: ${problem}`, { cause: error });
  };
  require(error === undefined || error instanceof EnvironmentError, "not told as the environment's fault");
  if (fired === undefined) return "unharmed";
  // As if the process had ended: where nothing can be removed, its lock stays.
  if (fault.isLasting) for (const name of leftovers(path(model))) if (/lock$/.test(name)) rmSync(path(model, name));
  // A replacement that broke off is completed by whoever reads the model next.
  const isBetween = existsSync(path(model, "next", "dlctl.json"));
  if (!fault.isLasting && !fired.startsWith("rm") && !isBetween) {
    expect([what, leftovers(path(model))]).toEqual([what, []]);
  }
  const expected = weightsOf(path("whole"));
  if (old || error === undefined) {
    await readModelFolder(path(model));
    const weights = weightsOf(path(model));
    require(weights.equals(expected) || (error !== undefined && weights.equals(old as Buffer)), "another model");
  }
  if (findRun(path(model)).state === "unfinished") await resumeAll(path(model));
  else if (error !== undefined) await train(model);
  require(weightsOf(path(model)).equals(expected), "other weights after it went on");
  // A lock that could not be removed is ignored from now on, as its process has ended.
  if (/^rm .*lock$/.test(fired)) rmSync(path(model, "run", "lock"), { force: true });
  expect([what, leftovers(path(model))]).toEqual([what, []]);
  return error === undefined ? "harmless" : "failed";
}

/** Each write in turn, or every other one, until a run passes untouched; counts the outcomes. */
async function failEachWrite(kind: Kind, first: number, prepare: (model: string) => void) {
  const outcomes = { failed: 0, harmless: 0 };
  for (let nth = kind.step === 1 ? 1 : first; ; nth += kind.step) {
    rmSync(path("model"), { recursive: true, force: true });
    prepare(path("model"));
    const outcome = await trainWithFault("model", { nth, ...kind.fault(nth) });
    if (outcome === "unharmed") return outcomes;
    outcomes[outcome] += 1;
  }
}

interface Kind {
  readonly name: string;
  readonly step: 1 | 2;
  fault(nth: number): Omit<Fault, "nth">;
}

const codes = ["ENOSPC", "EIO", "EACCES"] as const;
const everyKind = codes.flatMap((code) =>
  [false, true].map(
    (isLasting): Kind => ({
      name: `${code}${isLasting ? " from then on" : ""}`,
      step: 1,
      fault: () => ({ code, isLasting }),
    }),
  ),
);
const mixed: Kind = {
  name: "one kind or another",
  step: 2,
  fault: (nth) => ({ code: codes[nth % 3] as string, isLasting: nth % 4 < 2 }),
};
// All kinds at all writes take minutes: DLCTL_CAMPAIGN=1.
const isCampaign = process.env.DLCTL_CAMPAIGN !== undefined;

describe.each(isCampaign ? everyKind : [mixed])("writes fail, one after the other: $name", (kind) => {
  test.each<[string, number, (model: string) => void]>([
    ["a new model", 1, () => undefined],
    ["a model in the place of another", 2, (model) => cpSync(path("old"), model, { recursive: true })],
  ])(
    "%s: exit 7, what was there stays, and the run goes on to the same weights",
    async (_what, first, prepare) => {
      const outcomes = await failEachWrite(kind, first, prepare);
      if (isCampaign) console.log(JSON.stringify(outcomes));
      expect(outcomes.failed).toBeGreaterThan(20);
    },
    600_000,
  );
});
