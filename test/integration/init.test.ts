import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { templates } from "../../src/init/templates";
import { runDlctl } from "../helpers/run-dlctl";
import { makeTinyImages } from "../helpers/tiny-images";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dlctl = (...args: string[]) => runDlctl(args, { cwd: folder });
const files = ["README.md", "config.json", "config.schema.json"];

describe("dlctl init", () => {
  test("writes a project whose model trains as it is, once the pictures are there", async () => {
    const made = dlctl("init", "my pets!", "--template", "cnn");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain("dlctl train");
    expect(readdirSync(join(folder, "my pets!")).sort()).toEqual(files);
    const config = JSON.parse(readFileSync(join(folder, "my pets!", "config.json"), "utf8"));
    expect(config).toMatchObject({ $schema: "./config.schema.json", name: "my-pets-" });
    expect(readFileSync(join(folder, "my pets!", "README.md"), "utf8")).toContain("pictures/");

    await makeTinyImages(join(folder, "my pets!", "pictures"), { perClass: 5 });
    expect(dlctl("validate", "my pets!/config.json")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(Object.keys(templates))("template %s is valid", (template) => {
    const made = dlctl("init", "project", "--template", template, "--json");
    const { config, next } = JSON.parse(made.stdout);
    expect(next).toBe(`dlctl train ${config}`);
    // Stated labels let the layers be checked without data; a text and numbers have none.
    const labels = ["transformer", "forecast"].includes(template) ? [] : ['data.labels=["a","b"]'];
    const { code, stderr } = dlctl("validate", config, "--no-data", ...labels);
    // How many tokens a text has, only the text can tell.
    const isOfText = ["rnn", "transformer"].includes(template);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: isOfText ? expect.stringMatching(/vocabulary is not known/) : "",
    });
  });

  test("into the current folder, leaving its README alone", () => {
    writeFileSync(join(folder, "README.md"), "mine");
    expect(dlctl("init")).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(folder).sort()).toEqual(files);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("mine");
  });
});

describe("dlctl init refuses", () => {
  test("to overwrite a config", () => {
    writeFileSync(join(folder, "config.json"), "mine");
    const { code, stderr } = dlctl("init");
    expect(code).toBe(2);
    expect(stderr).toContain("config.json is there already");
    expect(readdirSync(folder)).toEqual(["config.json"]);
    expect(readFileSync(join(folder, "config.json"), "utf8")).toBe("mine");
  });

  test("an unknown template, naming what there is", () => {
    const { code, stderr } = dlctl("init", "project", "--template", "ccn");
    expect(code).toBe(2);
    expect(stderr).toContain('Unknown template "ccn"; did you mean "cnn"?');
    expect(stderr).toContain("--template mlp");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a folder that can't be made", () => {
    writeFileSync(join(folder, "file"), "");
    const { code, stderr } = dlctl("init", "file/project");
    expect(code).toBe(7);
    expect(stderr).toContain("Can't write");
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});
