import { formatShape, type Shape } from "../../shared/shape";

/** What is wrong when these inputs can't be taken together place by place, as a sentence; undefined when they can. */
export function elementwiseProblem(inputs: readonly Shape[]): string | undefined {
  const shapes = inputs.map(formatShape).join(" and ");
  if (new Set(inputs.map((input) => input.length)).size > 1) {
    return `inputs need the same number of axes; they are ${shapes}`;
  }
  const differs = inputs[0]?.some((_, axis) => {
    const sizes = new Set(inputs.map((input) => input[axis]).filter((size) => size !== null && size !== 1));
    return axis > 0 && sizes.size > 1;
  });
  return differs ? `inputs need equal sizes, or 1, on each axis; they are ${shapes}` : undefined;
}
