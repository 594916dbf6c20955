import { z } from "zod";

const width = z.int().nonnegative();

/** Pixels at the four sides: one number, one for [top and bottom, left and right], or [[top, bottom], [left, right]]. */
export const rims = z.union([
  width,
  z.tuple([width, width]),
  z.tuple([z.tuple([width, width]), z.tuple([width, width])]),
]);

export type Rims = z.output<typeof rims>;

/** The same as [[top, bottom], [left, right]]. */
export function allRims(given: Rims): [[number, number], [number, number]] {
  const [vertical, horizontal] = typeof given === "number" ? [given, given] : given;
  return [sides(vertical), sides(horizontal)];
}

const sides = (given: number | [number, number]): [number, number] =>
  typeof given === "number" ? [given, given] : given;
