// Functions of one row of numbers.
#pragma once

#include <string.h>

#include "vector.h"

namespace dlctl {

/** The sum of all lanes, by halves. */
inline float SumOf(Vec value) {
  float lanes[kLanes];
  Store(lanes, value);
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int lane = 0; lane < width; ++lane) lanes[lane] += lanes[lane + width];
  return lanes[0];
}

inline float LargestOf(Vec value) {
  float lanes[kLanes];
  Store(lanes, value);
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int lane = 0; lane < width; ++lane)
      lanes[lane] = lanes[lane + width] > lanes[lane] ? lanes[lane + width] : lanes[lane];
  return lanes[0];
}

/** The first `count` lanes, and 0 in the others. */
inline Vec FirstLanes(Vec value, int count) {
  float lanes[kLanes];
  Store(lanes, value);
  return LoadSome(lanes, count);
}

/** Calls `step(offset, count)` for each vector of a row: `count` is the number of lanes, but for the last one. */
template <class Step>
inline void ForVectors(int64_t width, const Step &step) {
  int64_t offset = 0;
  for (; offset + kLanes <= width; offset += kLanes) step(offset, kLanes);
  if (offset < width) step(offset, static_cast<int>(width - offset));
}

/** The first `count` numbers of `from`, and zeros up to `width`. */
inline void CopyPadded(float *to, const float *from, int64_t count, int64_t width) {
  memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
  memset(to + count, 0, static_cast<size_t>(width - count) * sizeof(float));
}

}  // namespace dlctl
