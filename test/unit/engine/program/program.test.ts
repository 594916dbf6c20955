import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyModel } from "../../../../src/engine/apply-model";
import { namedWeights } from "../../../../src/engine/graph/record-step";
import { type CompiledProgram, compileProgram } from "../../../../src/engine/program/compile-program";
import { openProgram, ProgramError, programLibrary } from "../../../../src/engine/program/program";
import { readProgram, writeProgram } from "../../../../src/engine/program/program-file";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import type { ProgramLibrary } from "../../../../src/runtime/program-library";
import type { tf } from "../../../../src/runtime/tf";
import { describeOwnOps } from "../../../helpers/runtime";

const layers = [
  { type: "conv2d", filters: 3, kernelSize: 2, activation: "relu" },
  { type: "maxPooling2d", poolSize: 2 },
  { type: "flatten" },
  { type: "dense", units: 4, activation: "softmax" },
];

const bytesOf = (batch: number) => ({
  data: Uint8Array.from({ length: batch * 50 }, (_, index) => (index * 37) % 256),
  shape: [batch, 5, 5, 2],
});

function compiled(): CompiledProgram {
  const model = buildModel({
    layers: layers.map((layer) => layerSchema.parse(layer)),
    input: { shape: [5, 5, 2], dtype: "float32" },
    seed: 4,
  });
  return compileProgram(
    currentNativeBackend() as NativeBackend,
    { inputs: { dtype: "uint8", shape: [5, 5, 2] } },
    namedWeights(model),
    ({ inputs }) => ({ outputs: applyModel(model, (inputs as tf.Tensor).div(255), false) }),
  );
}

describeOwnOps("programs", () => {
  let library: ProgramLibrary;
  let folder: string;
  beforeAll(() => {
    library = programLibrary() as ProgramLibrary;
    folder = mkdtempSync(join(tmpdir(), "dlctl-program-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Reads it as it is, with the checksum that belongs to it. */
  function sealed(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    new DataView(copy.buffer).setBigUint64(16, library.programChecksum(copy), true);
    return copy;
  }

  test("the same from a file as when compiled, and whatever sizes of batches come in what order", () => {
    const { program, bytes } = compiled();
    const path = join(folder, "a.program");
    writeProgram(path, bytes);
    expect(readdirSync(folder)).toEqual(["a.program"]);
    const read = readProgram(library, path);
    expect(read.inputs).toEqual([{ name: "inputs", dtype: "uint8", shape: [5, 5, 2] }]);
    expect(read.results).toEqual(["outputs"]);
    const ofBatch = (batch: number) => program.run({ inputs: bytesOf(batch) }).outputs;
    const expected = new Map([1, 2, 7, 40].map((batch) => [batch, ofBatch(batch)]));
    for (const batch of [7, 1, 40, 2, 7, 1, 1, 40, 0, 7]) {
      const { outputs } = read.run({ inputs: bytesOf(batch) });
      expect(outputs?.shape).toEqual([batch, 4]);
      if (batch > 0) expect(outputs).toEqual(expected.get(batch));
    }
  });

  test("inputs of another shape or type are refused, and it runs afterwards", () => {
    const { program } = compiled();
    expect(() => program.run({})).toThrow(RangeError);
    expect(() => program.run({ inputs: { ...bytesOf(2), shape: [2, 5, 2, 5] } })).toThrow("[batch, 5,5,2]");
    expect(() => program.run({ inputs: { data: new Float32Array(50), shape: [1, 5, 5, 2] } })).toThrow("uint8");
    expect(() => program.run({ inputs: { data: new Uint8Array(49), shape: [1, 5, 5, 2] } })).toThrow("size");
    expect(program.run({ inputs: bytesOf(3) }).outputs?.shape).toEqual([3, 4]);
  });

  test("what is no program, not whole, damaged, or of another version is refused", () => {
    const { bytes } = compiled();
    const path = join(folder, "damaged.program");
    const opening = (content: Uint8Array) => () => {
      writeFileSync(path, content);
      return readProgram(library, path);
    };
    expect(opening(new Uint8Array(0))).toThrow(ProgramError);
    expect(opening(Buffer.from("something else, which is long enough to be a header of one"))).toThrow("no program");
    for (let part = 0; part < 20; part++) {
      expect(opening(bytes.subarray(0, Math.floor((bytes.length * part) / 20)))).toThrow(ProgramError);
    }
    for (let at = 16; at < bytes.length; at += 13) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 4;
      expect(opening(damaged)).toThrow(ProgramError);
    }
    const later = bytes.slice();
    later[8] = 99;
    expect(opening(sealed(later))).toThrow("another version");
    expect(readFileSync(path).length).toBe(bytes.length);
  });

  test("a file that was changed on purpose does not bring the process down", () => {
    const { bytes } = compiled();
    const code = Number(new DataView(bytes.buffer).getBigUint64(24, true));
    let [state, refused, ran] = [1, 0, 0];
    const random = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let trial = 0; trial < 3000; trial++) {
      const changed = bytes.slice();
      for (let changes = 1 + random(2); changes > 0; changes--) changed[48 + random(code - 48)] = random(12);
      try {
        const { handle } = library.openProgram(sealed(changed));
        for (let run = 0; run < 2; run++) library.runProgram(handle, [bytesOf(2).data], 2);
        ran++;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        refused++;
      }
    }
    // Not all bytes matter: names, and what fills them up.
    expect(refused).toBeGreaterThan(500);
    expect(ran).toBeGreaterThan(100);
  });

  test("bytes that begin at an odd place are read as well", () => {
    const { bytes } = compiled();
    const moved = new Uint8Array(bytes.length + 3).subarray(3);
    moved.set(bytes);
    expect(openProgram(library, moved).run({ inputs: bytesOf(1) }).outputs?.shape).toEqual([1, 4]);
  });
});
