import { formatShape, type Shape } from "../../shared/shape";

/** `axis` counted from the front, where a negative one counts from the back. */
export const positiveAxis = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** What is wrong with `axis` of `input`, as a sentence: it must be there and not be the batch's. */
export function axisProblem(axis: number, input: Shape): string | undefined {
  const index = positiveAxis(axis, input.length);
  if (index > 0 && index < input.length) return undefined;
  return `axis ${axis} ${index === 0 ? "is the batch's" : `is not one of ${formatShape(input)}`}`;
}
