import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { loadConfig, parseConfig } from "../../../src/config/load-config";
import { corruptBytes, corruptJson } from "../../helpers/corruptions";
import { fuzzTest } from "../../helpers/fuzz";
import { projectFolder } from "../../helpers/run-dlctl";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const texts = ["quickstart", "penguins"].map((name) =>
  readFileSync(join(projectFolder, "configs", "quick", `${name}.json`)),
);
const configs = texts.map((text) => JSON.parse(text.toString("utf8")));
const folder = useTemporaryFolder();

/** What was accepted is accepted again as it is: nothing in it is lost or made otherwise. */
function requireStable(config: unknown): void {
  const again = parseConfig(JSON.parse(JSON.stringify(config)), "again.json");
  expect(JSON.stringify(again)).toBe(JSON.stringify(config));
  expect(JSON.stringify(config)).not.toMatch(/:null[,}]/);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}

fuzzTest("configs with other values and keys", corruptJson(...configs), { runs: 1500 }, (value) => {
  requireStable(parseConfig(value, "config.json"));
});

fuzzTest("config files of other bytes", corruptBytes(...texts), { runs: 400 }, async (bytes) => {
  requireStable((await loadConfig(folder.write("config.json", bytes))).config);
});

const key = fc.oneof(
  fc.constantFrom(
    "data",
    "model",
    "train",
    "layers",
    "optimizer",
    "epochs",
    "units",
    "__proto__",
    "constructor",
    "split",
  ),
  fc.string({ maxLength: 5 }),
);
const part = fc.oneof(
  key,
  fc.integer({ min: -1, max: 9 }).map((n) => `[${n}]`),
  fc.constantFrom("[1e9]", "[", "[x]", "[]"),
);
const override = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 5 }), fc.oneof(fc.json({ maxDepth: 2 }), fc.string()))
      .map(([parts, value]) => `${parts.join(".").replaceAll(".[", "[")}=${value}`),
  },
);

fuzzTest("overrides", fc.array(override, { minLength: 1, maxLength: 3 }), { runs: 1500 }, (overrides) => {
  requireStable(parseConfig(configs[0], "config.json", overrides));
});
