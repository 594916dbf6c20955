import { z } from "zod";

export function learningRate(byDefault: number) {
  return z.number().positive().default(byDefault).describe("Size of a step; where a schedule begins from.");
}

export const epsilon = z.number().positive().default(1e-7).describe("Keeps a division from blowing up.");

export function decay(byDefault: number, describes: string) {
  return z.number().min(0).lt(1).default(byDefault).describe(describes);
}
