import { readAhead } from "../../../src/predict/read-ahead";

/** Counts up to `end`, telling what it has begun; fails at `failAt`. */
async function* count(end: number, begun: number[], failAt?: number) {
  try {
    for (let number = 1; number <= end; number++) {
      begun.push(number);
      if (number === failAt) throw new Error(`no ${number}`);
      yield number;
    }
  } finally {
    begun.push(-1);
  }
}

test("the next one is begun while one is in use", async () => {
  const begun: number[] = [];
  const seen: number[] = [];
  for await (const number of readAhead(count(3, begun))) {
    seen.push(number);
    if (number === 1) expect(begun).toEqual([1, 2]);
  }
  expect(seen).toEqual([1, 2, 3]);
});

test("a failure arrives after the items before it", async () => {
  const seen: number[] = [];
  const read = async () => {
    for await (const number of readAhead(count(3, [], 3))) seen.push(number);
  };
  await expect(read()).rejects.toThrow("no 3");
  expect(seen).toEqual([1, 2]);
});

test("a consumer that stops ends the source", async () => {
  const begun: number[] = [];
  for await (const number of readAhead(count(9, begun))) if (number === 2) break;
  expect(begun).toEqual([1, 2, 3, -1]);
});
