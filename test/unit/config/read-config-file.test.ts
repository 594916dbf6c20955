import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfigFile } from "../../../src/config/read-config-file";
import { ConfigError } from "../../../src/shared/errors";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function errorOf(path: string): Promise<ConfigError> {
  const error = await readConfigFile(path).catch((error: unknown) => error);
  if (!(error instanceof ConfigError)) throw new Error(`${path}: no ConfigError but ${error}`);
  return error;
}

describe("readConfigFile reads", () => {
  test.each([
    ["plain", '{"a": "é"}'],
    ["a byte-order mark", '\uFEFF{"a": "é"}'],
    ["CRLF", '{\r\n"a": "é"\r\n}\r\n'],
  ])("%s", async (_, text) => {
    expect(await readConfigFile(write("good.json", text))).toEqual({ a: "é" });
  });

  test("through a link", async () => {
    write("good.json", "[1]");
    symlinkSync("good.json", join(folder, "link.json"));
    expect(await readConfigFile(join(folder, "link.json"))).toEqual([1]);
  });
});

describe("readConfigFile refuses", () => {
  test.each([
    ["", "is empty"],
    [" \n\t", "is empty"],
    ["\uFEFF", "is empty"],
    ["name: x", "not valid JSON"],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xd, 0xa, 0x1a, 0xa, 0]), "is not a text file in UTF-8"],
    [Buffer.from([0x7b, 0xe9, 0x7d]), "is not a text file in UTF-8"],
    [Buffer.from('\uFEFF{"a": 1}', "utf16le"), "is in UTF-16"],
  ])("case %#", async (content, message) => {
    const path = write("bad.json", content);
    const { message: found } = await errorOf(path);
    expect(found).toContain(message);
    expect(found).toContain(path);
  });

  test("what is not there, naming its neighbour", async () => {
    write("quickstart.json", "{}");
    const error = await errorOf(join(folder, "quikstart.json"));
    expect(error.message).toBe(`There is no config file ${join(folder, "quikstart.json")}`);
    expect(error.hint).toBe('Did you mean "quickstart.json"?');
    expect((await errorOf(join(folder, "no", "folder.json"))).message).toContain("There is no config file");
    expect((await errorOf(join(folder, "quickstart.json", "x"))).message).toContain("There is no config file");
  });

  test("a folder, naming what it holds", async () => {
    const plain = join(folder, "plain");
    const project = join(folder, "project");
    const model = join(folder, "model");
    for (const path of [plain, project, model]) mkdirSync(path);
    write("project/config.json", "{}");
    write("model/dlctl.json", "{}");
    expect((await errorOf(plain)).message).toContain("is a folder");
    expect((await errorOf(project)).hint).toBe(`Is it ${join(project, "config.json")}?`);
    expect((await errorOf(model)).hint).toContain("model folder");
  });

  test("a file that is far too large", async () => {
    const path = write("bad.json", Buffer.alloc(9 * 2 ** 20, " "));
    expect((await errorOf(path)).message).toContain("is no config: it has 9 MiB");
  });

  test("a device", async () => {
    expect((await errorOf("/dev/zero")).message).toContain("is a device");
  });

  (process.getuid?.() === 0 ? test.skip : test)("a file that may not be read", async () => {
    const path = write("secret.json", "{}");
    chmodSync(path, 0);
    expect((await errorOf(path)).message).toContain("may not be read");
  });
});

describe("a syntax error is shown in its line", () => {
  test("with line and column", async () => {
    const path = write("bad.json", '{\n  "name": "a",\n  "seed": 07\n}\n');
    expect((await errorOf(path)).message).toBe(
      [
        `${path}:3:11 is not valid JSON: this is no number that JSON knows`,
        '  3 |   "seed": 07',
        "                ^",
      ].join("\n"),
    );
  });

  test("in a very long line", async () => {
    const path = write("bad.json", `{"a": [${"1, ".repeat(1000)}x]}`);
    const [first, line, caret] = (await errorOf(path)).message.split("\n");
    expect(first).toContain(":1:3008 is not valid JSON: x is no JSON value");
    expect(line?.length).toBeLessThan(120);
    expect(line?.charAt(caret?.indexOf("^") ?? 0)).toBe("x");
  });

  test("at the end of the file", async () => {
    expect((await errorOf(write("bad.json", '{"a": 1\n'))).message).toContain("not the end of the text");
  });
});
