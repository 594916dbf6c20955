import { type Sampling, sampleToken } from "../../../src/generate/sample-token";

/** Probabilities 0.5, 0.3, 0.15 and 0.05, in another order. */
const logits = Float32Array.from([0.15, 0.5, 0.05, 0.3].map((p) => Math.log(p) + 3));

/** How often each token comes for evenly spaced draws. */
function shares(sampling: Partial<Sampling>, banned?: ReadonlySet<number>): number[] {
  const draws = 2000;
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < draws; index++) {
    const token = sampleToken(logits, { temperature: 1, ...sampling }, (index + 0.5) / draws, banned);
    counts[token] = (counts[token] as number) + 1;
  }
  return counts.map((count) => count / draws);
}

const expectShares = (found: number[], expected: number[]) =>
  expected.forEach((share, token) => void expect(Math.abs((found[token] as number) - share)).toBeLessThan(0.002));

test("tokens come as often as the softmax says", () => {
  expectShares(shares({}), [0.15, 0.5, 0.05, 0.3]);
});

test("a temperature of 2 takes the square roots of the probabilities, one of 0 the likeliest token", () => {
  const roots = [0.15, 0.5, 0.05, 0.3].map(Math.sqrt);
  const total = roots.reduce((sum, root) => sum + root, 0);
  expectShares(
    shares({ temperature: 2 }),
    roots.map((root) => root / total),
  );
  expectShares(shares({ temperature: 0 }), [0, 1, 0, 0]);
  expect(sampleToken(Float32Array.of(1, 2, 2), { temperature: 0 }, 0.99)).toBe(1);
});

test("topK leaves the likeliest, topP the fewest that reach the share", () => {
  expectShares(shares({ topK: 2 }), [0, 0.625, 0, 0.375]);
  expectShares(shares({ topP: 0.5 }), [0, 1, 0, 0]);
  expectShares(shares({ topP: 0.51 }), [0, 0.625, 0, 0.375]);
  expectShares(shares({ topP: 1 }), [0.15, 0.5, 0.05, 0.3]);
  // Of what topK leaves, 0.625 and 0.375, the first has more than 0.6.
  expectShares(shares({ topK: 2, topP: 0.6 }), [0, 1, 0, 0]);
  expectShares(shares({ topK: 100 }), [0.15, 0.5, 0.05, 0.3]);
});

test("banned tokens never come, and the others share what is theirs", () => {
  expectShares(shares({}, new Set([1])), [0.3, 0, 0.1, 0.6]);
  expect(() => sampleToken(Float32Array.of(1), { temperature: 1 }, 0, new Set([0]))).toThrow(RangeError);
});

test("logits of any size, and temperatures that make them larger still", () => {
  expect(sampleToken(Float32Array.of(-3e38, 3e38), { temperature: 1 }, 0.999)).toBe(1);
  expect(sampleToken(Float32Array.of(1, 2), { temperature: 1e-30 }, 0.999999)).toBe(1);
  expect(() => sampleToken(Float32Array.of(0, Number.NaN), { temperature: 1 }, 0.5)).toThrow(/not a number/);
});
