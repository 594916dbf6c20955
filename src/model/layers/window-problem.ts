import type { Shape } from "../../shared/shape";

interface Window {
  readonly size: number | readonly number[];
  readonly dilation?: number | readonly number[];
  readonly padding: "valid" | "same";
  readonly dataFormat?: "channelsLast" | "channelsFirst";
}

/** What is wrong when a window does not fit into its input, as a sentence; undefined when it fits. */
export function windowProblem(what: string, window: Window, input: Shape): string | undefined {
  if (window.padding === "same") return undefined;
  const space = window.dataFormat === "channelsFirst" ? input.slice(2) : input.slice(1, -1);
  const extent = space.map((_, axis) => {
    const size = at(window.size, axis);
    return size + (size - 1) * (at(window.dilation ?? 1, axis) - 1);
  });
  const isTooLarge = space.some((size, axis) => size !== null && (extent[axis] as number) > size);
  if (!isTooLarge) return undefined;
  return `${what} of ${extent.join(" x ")} does not fit into an input of ${space.map((size) => size ?? "?").join(" x ")}`;
}

/** The entry for `axis` of an option that is one number for all axes, or one for each. */
function at(value: number | readonly number[], axis: number): number {
  return typeof value === "number" ? value : (value[axis] as number);
}

/** tfjs and TensorFlow have no kernel for both at once. */
export function strideAndDilationProblem(
  strides: number | readonly number[],
  dilationRate: number | readonly number[],
): string | undefined {
  const isMoreThanOne = (value: number | readonly number[]) => [value].flat().some((entry) => (entry as number) > 1);
  if (!isMoreThanOne(strides) || !isMoreThanOne(dilationRate)) return undefined;
  return "strides and dilationRate can't both be above 1";
}
