// Makes a picture larger, by a curve through four pixels each way, as libvips does: columns first, then rows, rounded to
// whole numbers in between, which may be beyond 0 and 255.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "axis.h"

namespace dlctl {

/** The results of both axes of `pixels`, as Reduce takes and gives them. */
void Enlarge(const uint8_t *pixels, int width, int height, int channels, const Axis &columns, const Axis &rows,
             uint8_t *out, size_t outStride);

}  // namespace dlctl
