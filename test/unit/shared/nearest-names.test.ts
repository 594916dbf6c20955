import { didYouMean, nearestNames } from "../../../src/shared/nearest-names";

const layers = [
  "dense",
  "dropout",
  "conv1d",
  "conv2d",
  "conv2dTranspose",
  "depthwiseConv2d",
  "maxPooling2d",
  "flatten",
];
const options = ["filters", "kernelSize", "strides", "padding", "activation", "learningRate", "useBias"];

describe("nearestNames", () => {
  test.each([
    ["dens", layers, "dense"],
    ["Dense", layers, "dense"],
    ["denes", layers, "dense"],
    ["conv_2d", layers, "conv2d"],
    ["maxpool2d", layers, "maxPooling2d"],
    ["filter", options, "filters"],
    ["kernel", options, "kernelSize"],
    ["lr", options, "learningRate"],
    ["learning_rate", options, "learningRate"],
    ["act", options, "activation"],
    ["stride", options, "strides"],
  ])("%s", (name, known, expected) => {
    expect(nearestNames(name, known)[0]).toBe(expected);
  });

  test.each([["transformer"], [""], ["???"], ["x"]])("nothing is near to %j", (name) => {
    expect(nearestNames(name, [...layers, ...options])).toEqual([]);
  });

  test("an exact name hides worse ones, equally near ones are all named, at most three", () => {
    expect(nearestNames("CONV2D", layers)).toEqual(["conv2d"]);
    expect(nearestNames("conv3d", layers)).toEqual(["conv1d", "conv2d"]);
    expect(nearestNames("a1", ["a2", "a3", "a4", "a5"])).toHaveLength(3);
  });

  test("as a question", () => {
    expect(didYouMean("filter", options)).toBe('did you mean "filters"?');
    expect(didYouMean("conv3d", layers)).toBe('did you mean "conv1d" or "conv2d"?');
    expect(didYouMean("zzzz", layers)).toBe("");
  });
});
