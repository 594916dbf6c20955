import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { programLimit, tidyPrograms } from "../../../../src/engine/kept-programs/program-folder";
import { useTemporaryFolder } from "../../../helpers/temporary-folder";

const folder = useTemporaryFolder();
const names = () => readdirSync(folder.path).sort();

function add(name: string, bytes: number, minutesAgo: number): void {
  const path = folder.write(name, "x".repeat(bytes));
  const time = Date.now() / 1000 - 60 * minutesAgo;
  utimesSync(path, time, time);
}

test("what was longest unused goes until all programs are within the limit; other files stay", () => {
  add("a.program", 100, 5);
  add("b.program", 100, 50);
  add("c.program", 100, 20);
  add("note", 1000, 500);
  tidyPrograms(folder.path, 300);
  expect(names()).toEqual(["a.program", "b.program", "c.program", "note"]);
  tidyPrograms(folder.path, 299);
  expect(names()).toEqual(["a.program", "c.program", "note"]);
  tidyPrograms(folder.path, 100);
  expect(names()).toEqual(["a.program", "note"]);
  tidyPrograms(folder.path, 0);
  expect(names()).toEqual(["note"]);
  expect(() => tidyPrograms(join(folder.path, "missing"), 0)).not.toThrow();
});

test("what another process is writing stays for an hour", () => {
  add("begun.tmp", 10, 59);
  add("abandoned.tmp", 10, 61);
  tidyPrograms(folder.path, 1000);
  expect(names()).toEqual(["begun.tmp"]);
});

test("the limit is a tenth of what images may take", () => {
  const before = process.env.DLCTL_CACHE_LIMIT;
  try {
    process.env.DLCTL_CACHE_LIMIT = "2GB";
    expect(programLimit()).toBeCloseTo(2e8, 3);
  } finally {
    if (before === undefined) delete process.env.DLCTL_CACHE_LIMIT;
    else process.env.DLCTL_CACHE_LIMIT = before;
  }
});
