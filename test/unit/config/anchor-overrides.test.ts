import { anchorOverrides } from "../../../src/config/anchor-overrides";

test.each([
  ["data.path=pictures", 'data.path="/here/pictures"'],
  ['data.path="two words"', 'data.path="/here/two words"'],
  ["data.testImages=../t.gz", 'data.testImages="/t.gz"'],
  ["data.path=/there", 'data.path="/there"'],
  ['data.labels=["a","b"]', 'data.labels=["a","b"]'],
  ["data.path=7", "data.path=7"],
  ["data.path=", "data.path="],
  ["data.format=csv", "data.format=csv"],
  ["name=path", "name=path"],
])("%s becomes %s in /here", (text, expected) => {
  expect(anchorOverrides([text], "/here")).toEqual([expected]);
});
