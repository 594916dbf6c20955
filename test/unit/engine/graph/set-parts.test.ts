import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { opsWithParts, setParts } from "../../../../src/engine/graph/set-parts";
import type { NativeBinding } from "../../../../src/runtime/native-backend";

const folder = join(__dirname, "../../../../src/runtime/native/ops");

test("the list names the operations that state `parts`, and no others", () => {
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  // A definition is {"name", {attributes}, {inputs}, {outputs}}.
  const definitions = sources.flatMap((source) => [...source.matchAll(/\{\s*"(Dlctl\w+)",\s*\{([^}]*)\}/g)]);
  expect(definitions.length).toBeGreaterThan(15);
  const stated = definitions.filter(([, , attributes]) => attributes?.includes('"parts: int')).map(([, name]) => name);
  expect([...opsWithParts].sort()).toEqual(stated.sort());
});

test("other operations are left alone", () => {
  const op = { op: "MatMul", attributes: [], inputs: [], outputCount: 1 };
  const recording = { ops: [op], constants: [], results: {} };
  expect(setParts(recording, "bfloat16", { TF_ATTR_INT: 1 } as NativeBinding).ops).toEqual([op]);
});
