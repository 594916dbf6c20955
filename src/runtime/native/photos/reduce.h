// Makes a picture smaller, rows first, then columns, as libvips does: each step rounds to 8 bits.
#pragma once

#include <stdint.h>

#include "axis.h"

namespace dlctl {

/** This many bytes beyond the last pixel of a picture must be readable. */
constexpr int kSlack = 64;

/**
 * The results of both axes of `pixels`, `[height, width, channels]`, to `out`, whose rows begin `outStride` bytes from
 * each other. `pixels` has kSlack bytes more than it needs.
 */
void Reduce(const uint8_t *pixels, int width, int height, int channels, const Axis &columns, const Axis &rows,
            uint8_t *out, size_t outStride);

}  // namespace dlctl
