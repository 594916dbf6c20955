// Vectors of floats as wide as the processor's, by the compiler's own extension, and the functions of them. Compiled once
// for each level of instructions; the widest that the processor has is loaded.
#pragma once

#include <stdint.h>
#include <string.h>

namespace dlctl {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
/** How many rows of a matrix product fit in the registers beside four vectors of columns. */
constexpr int kTileRows = 6;
#elif defined(__AVX__)
constexpr int kLanes = 8;
constexpr int kTileRows = 3;
#else
constexpr int kLanes = 4;
constexpr int kTileRows = 6;
#endif

typedef float Vec __attribute__((vector_size(kLanes * 4)));
typedef int32_t VecInt __attribute__((vector_size(kLanes * 4)));
typedef float UnalignedVec __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

inline Vec Load(const float *from) { return *reinterpret_cast<const UnalignedVec *>(from); }
inline void Store(float *to, Vec value) { *reinterpret_cast<UnalignedVec *>(to) = value; }
inline Vec Broadcast(float value) { return value - Vec{}; }

/** The first `count` numbers, which may be fewer than fit; 0 in the other lanes. */
inline Vec LoadSome(const float *from, int count) {
  if (count >= kLanes) return Load(from);
  float lanes[kLanes] = {};
  for (int i = 0; i < count; ++i) lanes[i] = from[i];
  return Load(lanes);
}

inline void StoreSome(float *to, Vec value, int count) {
  if (count >= kLanes) return Store(to, value);
  float lanes[kLanes];
  Store(lanes, value);
  for (int i = 0; i < count; ++i) to[i] = lanes[i];
}

/** Of all lanes, by halves. */
inline float SumLanes(Vec value) {
  float lanes[kLanes];
  Store(lanes, value);
#pragma GCC unroll 4
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  return lanes[0];
}

/** `yes` in the lanes where `condition` is set. */
inline Vec Select(VecInt condition, Vec yes, Vec no) { return condition ? yes : no; }
// Where `a` is not a number, neither is the result.
inline Vec Min(Vec a, Vec b) { return Select(b < a, b, a); }
inline Vec Max(Vec a, Vec b) { return Select(b > a, b, a); }
inline Vec Abs(Vec x) { return reinterpret_cast<Vec>(reinterpret_cast<VecInt>(x) & 0x7fffffff); }

/** Within 2 units in the last place; inputs are held to [-87, 88], where neither end leaves the normal numbers. */
inline Vec Exp(Vec x) {
  x = Max(Min(x, Broadcast(88.0f)), Broadcast(-87.0f));
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
  const Vec shifted = x * 1.44269504f + 12582912.0f;
  const Vec whole = shifted - 12582912.0f;
  // ln 2 in two parts, the first so short that its product with a whole number is exact.
  const Vec rest = (x - whole * 0.693145752f) - whole * 1.42860677e-6f;
  // The series of e^r: within 5e-9 for |r| <= ln(2) / 2.
  Vec sum = Broadcast(1.0f / 5040);
  sum = sum * rest + 1.0f / 720;
  sum = sum * rest + 1.0f / 120;
  sum = sum * rest + 1.0f / 24;
  sum = sum * rest + 1.0f / 6;
  sum = sum * rest + 0.5f;
  sum = sum * rest + 1.0f;
  sum = sum * rest + 1.0f;
  const VecInt exponent = (reinterpret_cast<VecInt>(shifted) - 0x4b400000) << 23;
  return reinterpret_cast<Vec>(reinterpret_cast<VecInt>(sum) + exponent);
}

inline Vec Sigmoid(Vec x) { return 1.0f / (1.0f + Exp(-x)); }

inline Vec Tanh(Vec x) {
  const Vec size = Abs(x);
  const Vec square = x * x;
  // The series of tanh near 0, where the other form would lose digits: within 1e-8 of its value.
  Vec series = Broadcast(-1382.0f / 155925);
  series = series * square + 62.0f / 2835;
  series = series * square - 17.0f / 315;
  series = series * square + 2.0f / 15;
  series = series * square - 1.0f / 3;
  const Vec small = x + x * square * series;
  const Vec large = 1.0f - 2.0f / (Exp(size + size) + 1.0f);
  const Vec sign = reinterpret_cast<Vec>(reinterpret_cast<VecInt>(x) & INT32_MIN);
  const Vec signed_large = reinterpret_cast<Vec>(reinterpret_cast<VecInt>(large) | reinterpret_cast<VecInt>(sign));
  return Select(size < Broadcast(0.3125f), small, signed_large);
}

inline Vec Sqrt(Vec x) {
  // Compilers make one instruction of it.
  float lanes[kLanes];
  Store(lanes, x);
  for (int i = 0; i < kLanes; ++i) lanes[i] = __builtin_sqrtf(lanes[i]);
  return Load(lanes);
}

/** The smallest multiple of the lanes that holds `count`. */
inline int PaddedToLanes(int count) { return (count + kLanes - 1) / kLanes * kLanes; }

}  // namespace dlctl
