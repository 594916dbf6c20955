import { libraryName, linkedLibraries } from "../../../../src/runtime/provision/libtensorflow-files";

test.each([
  ["libtensorflow_cc.so.2", "libtensorflow_cc.so.2"],
  ["libtensorflow.so.2.9.1", "libtensorflow.so.2"],
  ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ["libtensorflow_cc.2.dylib", "libtensorflow_cc.2.dylib"],
  ["libtensorflow.2.9.1.dylib", "libtensorflow.2.dylib"],
  ["libtensorflow_framework.dylib", "libtensorflow_framework.2.dylib"],
  ["libtensorflow_cc.so.2.bak", undefined],
  ["_pywrap_tensorflow.so", undefined],
])("%s goes by the name %s", (file, name) => {
  expect(libraryName(file)).toBe(name);
});

test("the addon is linked to both libraries, of a wheel or of a C package", () => {
  expect(linkedLibraries(["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"])).toEqual([
    "libtensorflow_cc.so.2",
    "libtensorflow_framework.so.2",
  ]);
  expect(linkedLibraries(["libtensorflow.so.2", "libtensorflow_framework.so.2"])).toEqual([
    "libtensorflow.so.2",
    "libtensorflow_framework.so.2",
  ]);
  expect(linkedLibraries(["libtensorflow.so.2"])).toBeUndefined();
});
