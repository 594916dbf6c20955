// Which numbers may be multiplied in parts (float_parts.h) in place of floats: infinities have no parts, numbers near the
// largest and products beyond it would not become infinite alone, and of the smallest the lower parts are lost.
#pragma once

#include "amx.h"

#if defined(DLCTL_AMX)

#include <immintrin.h>

namespace dlctl {

/** The greatest size of numbers that are looked at. */
class TileRange {
 public:
  __attribute__((always_inline)) void See(__m512 values) {
    // Sizes in the order of their bits; what is no number is beyond all others.
    most_ = _mm512_max_epu32(most_, _mm512_slli_epi32(_mm512_castps_si512(values), 1));
  }
  void See(const TileRange &other) { most_ = _mm512_max_epu32(most_, other.most_); }
  /** Where it has been kept: 16 floats, aligned for vectors. */
  void Store(float *to) const { _mm512_store_si512(to, most_); }
  void Load(const float *from) { most_ = _mm512_load_si512(from); }
  void Clear() { most_ = _mm512_setzero_si512(); }

  /** Whether products of these numbers and of those may be computed in parts, within what is said above. */
  bool AllowsProductsWith(const TileRange &other) const {
    const float own = Most(), others = other.Most();
    if (own == 0 || others == 0) return own < kLargest && others < kLargest;
    const bool are_small_enough = own < kLargest && others < kLargest && own * others < kLargest;
    return are_small_enough && own > 1e-30f && others > 1e-30f && own * others > 1e-25f;
  }

 private:
  static constexpr float kLargest = 1.7e38f;

  float Most() const {
    const unsigned bits = _mm512_reduce_max_epu32(most_) >> 1;
    float value;
    __builtin_memcpy(&value, &bits, sizeof(value));
    return value;
  }

  __m512i most_ = _mm512_setzero_si512();
};

}  // namespace dlctl

#endif
