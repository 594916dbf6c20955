import { readFileSync } from "node:fs";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { contractBreaks, tensorNumbers } from "../../../helpers/native-contract";
import { projectFolder } from "../../../helpers/run-dlctl";
import { describeNative } from "../../../helpers/runtime";

const backend = () => currentNativeBackend() as NativeBackend;

/** The backend as a later tfjs-node might have it. */
function changed(parts: object, ofBinding: object = {}): NativeBackend {
  const { binding } = backend();
  const own = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, writable: true }]));
  return Object.create(backend(), own({ binding: Object.create(binding, own(ofBinding)), ...parts })) as NativeBackend;
}

describeNative("tfjs-node's private parts, on which the compiled engine leans", () => {
  test("are as they were in the release that it was written for", () => {
    // A break is told here as a sentence, with the file that has to follow the change.
    expect(contractBreaks(backend())).toEqual([]);
  });

  test("are those of one release, named without a range", () => {
    const { devDependencies } = JSON.parse(readFileSync(`${projectFolder}/package.json`, "utf8"));
    expect(devDependencies).toMatchObject({ "@tensorflow/tfjs-node": "4.22.0", "@tensorflow/tfjs-node-gpu": "4.22.0" });
  });

  test.each<[string, () => NativeBackend, RegExp]>([
    ["a function that is gone", () => changed({}, { executeOp: undefined }), /binding\.executeOp is no function/],
    ["a method that is gone", () => changed({ getInputTensorIds: undefined }), /backend\.getInputTensorIds is no/],
    ["another number", () => changed({}, { TF_ATTR_TYPE: 9 }), /TF_ATTR_TYPE is 9 and not 4/],
    ["kernels that call another object", () => changed({}), /without binding\.executeOp being called/],
  ])("%s would be told", (_, make, message) => {
    expect(contractBreaks(make()).join("\n")).toMatch(message);
  });

  test("numbers of tensors that are used again would be told", () => {
    const reusing = { TF_FLOAT: 1, createTensor: () => 7, deleteTensor: () => undefined };
    expect(tensorNumbers(reusing)).toEqual([
      expect.stringContaining("tensor number 7 was deleted and then given again"),
    ]);
  });
});
