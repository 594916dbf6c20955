import { isHalf } from "../../runtime/precision";
import type { ConfigProblem } from "../../shared/errors";
import type { Config } from "../config-schema";

/** Half precision is a matter of compiled steps. */
export function checkPrecision({ train: { precision, engine } }: Config): ConfigProblem[] {
  if (engine !== "eager" || !isHalf(precision)) return [];
  return [
    {
      path: "train.precision",
      message: `${precision} needs compiled steps, and train.engine is "eager"`,
      hint: 'Set train.engine to "auto", or leave train.precision out.',
    },
  ];
}
