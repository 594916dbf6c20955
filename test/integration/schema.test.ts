import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDlctl } from "../helpers/run-dlctl";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-schema-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = (...args: string[]) => runDlctl(["schema", ...args], { cwd: folder });

describe("dlctl schema", () => {
  test("prints the JSON Schema; --json on one line, --output into a file, all the same", () => {
    const printed = schema();
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    const value = JSON.parse(printed.stdout);
    expect(value.$schema).toContain("json-schema.org/draft-07");
    expect(Object.keys(value.properties)).toEqual(["$schema", "name", "seed", "task", "data", "model", "train"]);

    const line = schema("--json").stdout;
    expect(line.trimEnd()).not.toContain("\n");
    expect(JSON.parse(line)).toEqual(value);

    const written = schema("--output", "new/config.schema.json");
    expect(written.code).toBe(0);
    expect(written.stdout).toContain('"$schema": "./new/config.schema.json"');
    expect(JSON.parse(readFileSync(join(folder, "new", "config.schema.json"), "utf8"))).toEqual(value);
  });

  test("an output that can't be written", () => {
    writeFileSync(join(folder, "file"), "");
    const { code, stderr } = schema("--output", "file/config.schema.json");
    expect(code).toBe(7);
    expect(stderr).toContain("Can't write");
    expect(existsSync(join(folder, "file", "config.schema.json"))).toBe(false);
  });
});
