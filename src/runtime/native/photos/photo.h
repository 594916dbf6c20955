// A small photograph from its file's bytes to the pixels that training takes, in one go, with no thread of its own.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "resize_plan.h"

namespace dlctl {

struct PhotoRequest {
  /** A JPEG or PNG file. */
  const uint8_t *bytes;
  size_t size;
  /** Size and channels are those of its header; a `madeWidth` of 0 leaves it as it is. */
  ResizeRequest resize;
  bool isPng;
  /** Whether its colours are to be converted to sRGB if it holds a profile. */
  bool isConverted;
};

/**
 * Decodes and resizes a photograph as sharp does, byte for byte, to `[madeHeight, madeWidth, 3]`. False for whatever is not
 * done here, damage included: then sharp is to be asked.
 */
bool ReadPhoto(const PhotoRequest &request, uint8_t *out);

}  // namespace dlctl
