// Colours from the profile that a photograph holds to sRGB, by libvips, as sharp has it do. To make ready for a profile takes
// it several times as long as to convert a small photograph, so each thread keeps what it has made ready.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libvips.h"

namespace dlctl {

bool HasProfile(const Libvips &vips, VipsImage *image);

/** Converts `count` pixels of three channels in place, from the profile that `image` holds. False where libvips can't. */
bool ConvertToSrgb(const Libvips &vips, VipsImage *image, uint8_t *pixels, size_t count);

}  // namespace dlctl
