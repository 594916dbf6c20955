/** How far predictions are off, in the unit of what is predicted. */
export interface ErrorFigures {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
}

/** Errors, added up one by one. */
export class ErrorSums {
  private sum = 0;
  private absolute = 0;
  private squared = 0;
  private count = 0;

  add(error: number): void {
    this.sum += error;
    this.absolute += Math.abs(error);
    this.squared += error ** 2;
    this.count++;
  }

  /** NaN where there were none. */
  get figures(): ErrorFigures {
    return { mae: this.absolute / this.count, rmse: Math.sqrt(this.squared / this.count) };
  }

  /** Their mean; NaN where there were none. */
  get bias(): number {
    return this.sum / this.count;
  }
}
