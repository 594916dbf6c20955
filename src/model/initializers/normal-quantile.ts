/**
 * The number below which a standard normal variable falls with probability `p`, for `p` in [1e-10, 1 - 1e-10], to about 1e-15
 * relative. Algorithm AS 241 (PPND16) of M. J. Wichura, Applied Statistics 37 (1988), without its far tails.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(0.180625 - q * q, centre);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p)) - 1.6;
  return Math.sign(q) * rational(r, tail);
}

interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

const rational = (x: number, { numerator, denominator }: Rational) =>
  polynomial(x, numerator) / polynomial(x, denominator);
const polynomial = (x: number, coefficients: readonly number[]) =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const centre: Rational = {
  numerator: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  denominator: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};

const tail: Rational = {
  numerator: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  denominator: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
