import { isMostlyOwn } from "../../../src/model/is-mostly-own";

test.each([
  [["conv2d", "maxPooling2d", "flatten", "dense"], true],
  [["embedding", "lstm", "dense"], true],
  [["embedding", "encoderBlock", "dense"], true],
  [["dense", "dropout", "dense"], false],
  [["conv2d", "depthwiseConv2d", "dense"], false],
] as const)("%j: %s", (types, expected) => expect(isMostlyOwn(types)).toBe(expected));
