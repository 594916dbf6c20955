// Functions of numbers, a vector at a time, for operations of programs: as exact as float32 allows near 1, and right in their limits.
#pragma once

#include <math.h>

#include "../ops/normal.h"
#include "../ops/vector.h"

namespace dlctl {

/** With infinity and 0 at its ends, where Exp stops before. */
inline Vec FullExp(Vec x) {
  const Vec half = Exp(0.5f * x);
  return Select(Abs(x) > Broadcast(86.0f), half * half, Exp(x));
}

/** e^x - 1, exact near 0. */
inline Vec ExpMinusOne(Vec x) {
  const Vec half = Tanh(0.5f * x);
  return Select(x > Broadcast(1.0f), FullExp(x) - 1.0f, 2.0f * half / (1.0f - half));
}

/** ln(m) for 1/sqrt(2) <= m <= sqrt(2), by the series of atanh: within 3e-9. */
inline Vec LogOfMantissa(Vec mantissa) {
  const Vec s = (mantissa - 1.0f) / (mantissa + 1.0f), square = s * s;
  Vec sum = Broadcast(2.0f / 11);
  sum = sum * square + 2.0f / 9;
  sum = sum * square + 2.0f / 7;
  sum = sum * square + 2.0f / 5;
  sum = sum * square + 2.0f / 3;
  sum = sum * square + 2.0f;
  return sum * s;
}

/** -infinity at 0, not a number below. */
inline Vec Log(Vec x) {
  const VecInt bits = reinterpret_cast<VecInt>(x);
  // Counted from 1/sqrt(2), so that the rest is around 1.
  const VecInt exponent = (bits - 0x3f3504f3) >> 23;
  const Vec mantissa = reinterpret_cast<Vec>(bits - (exponent << 23));
  const Vec whole = __builtin_convertvector(exponent, Vec);
  const Vec result = whole * 0.693145752f + (whole * 1.42860677e-6f + LogOfMantissa(mantissa));
  const Vec infinity = Broadcast(INFINITY);
  Vec of_ends = Select(x == Vec{}, -infinity, Broadcast(NAN));
  of_ends = Select(x == infinity, infinity, of_ends);
  return Select((x > Vec{}) & (x < infinity), result, of_ends);
}

/** ln(1 + e^x). */
inline Vec Softplus(Vec x) {
  // ln(1 + u) for u in (0, 1], by the series of atanh(u / (2 + u)).
  const Vec u = Exp(-Abs(x)), s = u / (2.0f + u), square = s * s;
  Vec sum = Broadcast(2.0f / 15);
  sum = sum * square + 2.0f / 13;
  sum = sum * square + 2.0f / 11;
  sum = sum * square + 2.0f / 9;
  sum = sum * square + 2.0f / 7;
  sum = sum * square + 2.0f / 5;
  sum = sum * square + 2.0f / 3;
  sum = sum * square + 2.0f;
  return Max(x, Vec{}) + sum * s;
}

/** Its absolute error is 1e-7; as a share of small values it is more. */
inline Vec Erf(Vec x) {
  const Vec beyond = 2.0f * NormalAt(-1.41421356f * Abs(x)).below;
  const Vec size = 1.0f - beyond;
  // Near 0, where 1 less almost 1 has few digits left, the series.
  const Vec square = x * x;
  Vec series = Broadcast(-1.0f / 42);
  series = series * square + 1.0f / 10;
  series = series * square - 1.0f / 3;
  series = series * square + 1.0f;
  return Select(Abs(x) < Broadcast(0.25f), 1.12837917f * x * series, Select(x < Vec{}, -size, size));
}

}  // namespace dlctl
