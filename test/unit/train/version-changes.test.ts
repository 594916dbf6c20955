import { describeVersionChanges } from "../../../src/train/version-changes";

const began = { dlctl: "0.1.0", node: "20.1.0", libtensorflow: "2.21.0", ownOps: "avx512", sharp: "0.35.5" };

test("what rounds otherwise is named, with what it was", () => {
  const sentence = describeVersionChanges(began, { ...began, ownOps: null, libtensorflow: "2.22.0" });
  expect(sentence).toContain("libtensorflow (2.21.0, now 2.22.0)");
  expect(sentence).toContain("dlctl's own operations (avx512, now none)");
  expect(sentence).not.toContain("sharp");
});

test.each([
  ["the same", began],
  ["another Node.js or dlctl", { ...began, node: "26.0.0", dlctl: "0.2.0" }],
  ["what the run did not record", { ...began, libvips: "8.18.7" }],
])("nothing is said of %s", (_what, now) => {
  expect(describeVersionChanges(began, now)).toBeUndefined();
});
