import { classFigures } from "../../../src/evaluate/class-figures";
import { confusionMatrix, frequentConfusions } from "../../../src/evaluate/confusion-matrix";

// By hand: cats 2 right of 3 (one taken for a dog), dogs 1 of 2 (one taken for a cat), no bird, none predicted.
const truth = Int32Array.of(0, 0, 0, 1, 1);
const predicted = Int32Array.of(0, 0, 1, 1, 0);
const matrix = confusionMatrix(truth, predicted, 3);

test("rows are true, columns predicted", () => {
  expect(matrix).toEqual([
    [2, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
});

test("precision, recall and F1 by hand; 0 where there is nothing to divide by", () => {
  const [cat, dog, bird] = classFigures(matrix, ["cat", "dog", "bird"]);
  expect(cat).toEqual({ label: "cat", precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 });
  expect(dog).toEqual({ label: "dog", precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 });
  expect(bird).toEqual({ label: "bird", precision: 0, recall: 0, f1: 0, support: 0 });
});

test("confusions by number, equal ones in the classes' order, right ones left out", () => {
  expect(
    frequentConfusions(
      [
        [5, 1, 0],
        [3, 9, 1],
        [0, 0, 2],
      ],
      3,
    ),
  ).toEqual([
    { truth: 1, predicted: 0, count: 3 },
    { truth: 0, predicted: 1, count: 1 },
    { truth: 1, predicted: 2, count: 1 },
  ]);
});
