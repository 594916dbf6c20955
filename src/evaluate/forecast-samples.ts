import { shortestNumber } from "../predict/shortest-number";
import type { ForecastSample } from "./evaluation";
import { Highest } from "./highest";

const evenlySpaced = 4;
const mostBefore = 200;

interface Forecast {
  readonly origin: string;
  readonly example: number;
  readonly mae: number;
  /** The target's values in the window. */
  readonly before: Float32Array;
  readonly truth: Float32Array;
  readonly predicted: Float32Array;
}

/** A few of `count` forecasts of one target: evenly spaced ones, and the worst. */
export class ForecastSamples {
  private readonly samples: ForecastSample[] = [];
  private readonly worst = new Highest<ForecastSample>(1);
  private readonly wanted: ReadonlySet<number>;
  private done = 0;

  constructor(count: number) {
    this.wanted = new Set(
      Array.from({ length: Math.min(count, evenlySpaced) }, (_, index) =>
        Math.floor(((index + 0.5) * count) / Math.min(count, evenlySpaced)),
      ),
    );
  }

  /** `make` is called only where the forecast is shown. */
  add(mae: number, make: () => Omit<Forecast, "mae">): void {
    const sample = (isWorst: boolean): ForecastSample => {
      const { origin, example, before, truth, predicted } = make();
      return {
        origin,
        example,
        isWorst,
        mae,
        before: shortened(before.slice(-mostBefore)),
        truth: shortened(truth),
        predicted: shortened(predicted),
      };
    };
    if (this.wanted.has(this.done++)) this.samples.push(sample(false));
    this.worst.offer(mae, () => sample(true));
  }

  get all(): readonly ForecastSample[] {
    return [...this.samples, ...this.worst.all];
  }
}

const shortened = (values: Float32Array): number[] => Array.from(values, shortestNumber);
