import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelFolderError } from "../../../src/shared/errors";
import { History } from "../../../src/train/history";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-history-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, "history.jsonl");
const entry = (epoch: number, loss = 1 / epoch) => ({
  epoch,
  step: 7 * epoch,
  metrics: { loss },
  learningRate: 0.1,
  seconds: 2,
});

test("a line an epoch; a figure that is not defined is null in the file and NaN here", async () => {
  const history = await History.open(folder, 0);
  await history.append(entry(1));
  await history.append(entry(2, Number.NaN));
  const lines = readFileSync(path(), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([entry(1), { ...entry(2), metrics: { loss: null } }]);
  expect((await History.open(folder, 2)).entries).toEqual([entry(1), entry(2, Number.NaN)]);
});

test("epochs that no checkpoint knows of are dropped, a torn line among them", async () => {
  const history = await History.open(folder, 0);
  for (const epoch of [1, 2, 3]) await history.append(entry(epoch));
  appendFileSync(path(), '{"epoch":4,"st');
  const resumed = await History.open(folder, 2);
  expect(resumed.entries).toEqual([entry(1), entry(2)]);
  await resumed.append(entry(3, 9));
  expect(
    readFileSync(path(), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).metrics.loss),
  ).toEqual([1, 0.5, 9]);
});

test.each([
  ["", "line 1"],
  [`${JSON.stringify(entry(1))}\n`, "line 2"],
  [`${JSON.stringify(entry(1))}\n${JSON.stringify(entry(3))}\n`, "line 2"],
  [`${JSON.stringify(entry(1))}\nnot JSON\n`, "line 2"],
])("fewer epochs than the checkpoint has, or others, are damage: %j", async (content, where) => {
  writeFileSync(path(), content);
  const opening = History.open(folder, 2);
  await expect(opening).rejects.toThrow(ModelFolderError);
  await expect(opening).rejects.toThrow(where);
});
