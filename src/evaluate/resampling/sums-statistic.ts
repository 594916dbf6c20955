import type { FigureValue, ResampledStatistic } from "./bootstrap";

interface SumsOfUnits {
  readonly names: readonly Pick<FigureValue, "figure" | "target">[];
  readonly units: number;
  /** How many numbers are added up. */
  readonly width: number;
  /** Adds what `unit` brings to `sums`. */
  add(unit: number, sums: Float64Array): void;
  /** The figures, in the order of `names`, from sums over units. */
  figures(sums: Float64Array, values: Float64Array): void;
}

/** Figures that are a function of sums over the units, such as means, and roots and ratios of them. */
export function sumsStatistic({ names, units, width, add, figures }: SumsOfUnits): ResampledStatistic {
  const sums = new Float64Array(width);
  const whole = new Float64Array(names.length);
  for (let unit = 0; unit < units; unit++) add(unit, sums);
  figures(sums, whole);
  return {
    figures: names.map((name, index) => ({ ...name, value: whole[index] as number })),
    resample(drawn, values) {
      sums.fill(0);
      for (let index = 0; index < drawn.length; index++) add(drawn[index] as number, sums);
      figures(sums, values);
    },
  };
}
