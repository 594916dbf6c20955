// Windows that move over images or volumes whose channels are the last axis: [batch, height, width, channels] or with a depth in front.
#pragma once

#include "inputs.h"

namespace dlctl {

/** One axis of space. */
struct WindowAxis {
  int64_t in, out, taps, stride, dilation, pad;
  /** The taps that lie inside for this output. */
  void Inside(int64_t at, int64_t *first, int64_t *end) const {
    const int64_t start = at * stride - pad;
    *first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    *end = std::min(taps, start >= in ? 0 : (in - start + dilation - 1) / dilation);
  }
  int64_t Place(int64_t at, int64_t tap) const { return at * stride - pad + tap * dilation; }
};

/** Three axes of space, of which the first is one thick in images. */
struct Windows {
  /**
   * `taps` of each axis of space; strides and dilations are TensorFlow's, with the batch and the channels. Throws for what TensorFlow.js
   * does not make.
   */
  Windows(const Dims &in, const std::vector<int64_t> &taps, const std::vector<int64_t> &strides,
          const std::vector<int64_t> &dilations, const std::string &padding) {
    const int space = in.rank() - 2;
    Call::Require(space == 2 || space == 3, "windows move over images and volumes");
    Call::Require(static_cast<int>(taps.size()) == space && static_cast<int>(strides.size()) == space + 2 &&
                      static_cast<int>(dilations.size()) == space + 2,
                  "windows need a size, a stride and a dilation for each axis");
    Call::Require(padding == "SAME" || padding == "VALID", "padding is SAME or VALID");
    axes[0] = {1, 1, 1, 1, 1, 0};
    for (int axis = 0; axis < space; ++axis) {
      WindowAxis &own = axes[3 - space + axis];
      own.in = in[axis + 1];
      own.taps = taps[axis];
      own.stride = strides[axis + 1];
      own.dilation = dilations[axis + 1];
      Call::Require(own.taps > 0 && own.taps < 65536 && own.stride > 0 && own.stride < 65536 && own.dilation > 0 &&
                        own.dilation < 65536,
                    "windows must have a size, a stride and a dilation");
      const int64_t reach = (own.taps - 1) * own.dilation + 1;
      if (padding == "SAME") {
        own.out = (own.in + own.stride - 1) / own.stride;
        own.pad = std::max<int64_t>(0, (own.out - 1) * own.stride + reach - own.in) / 2;
      } else {
        own.out = own.in < reach ? 0 : (own.in - reach) / own.stride + 1;
        own.pad = 0;
      }
    }
  }

  int64_t out_pixels() const { return axes[0].out * axes[1].out * axes[2].out; }
  int64_t in_pixels() const { return axes[0].in * axes[1].in * axes[2].in; }
  int64_t taps() const { return axes[0].taps * axes[1].taps * axes[2].taps; }

  /** The result's shape. */
  Dims OutDims(const Dims &in, int64_t channels) const {
    const int space = in.rank() - 2;
    int64_t sizes[Dims::kMost];
    sizes[0] = in[0];
    for (int axis = 0; axis < space; ++axis) sizes[axis + 1] = axes[3 - space + axis].out;
    sizes[space + 1] = channels;
    return Dims(sizes, space + 2);
  }

  /** Calls `use(tap, pixel)` for what an output pixel sees of the input: numbers of taps and of the image's pixels, in order. */
  template <class Use>
  void ForTaps(int64_t out_pixel, const Use &use) const {
    const int64_t at[3] = {out_pixel / (axes[2].out * axes[1].out), out_pixel / axes[2].out % axes[1].out,
                           out_pixel % axes[2].out};
    int64_t first[3], end[3];
    for (int axis = 0; axis < 3; ++axis) axes[axis].Inside(at[axis], &first[axis], &end[axis]);
    for (int64_t z = first[0]; z < end[0]; ++z) {
      for (int64_t y = first[1]; y < end[1]; ++y) {
        const int64_t row = (axes[0].Place(at[0], z) * axes[1].in + axes[1].Place(at[1], y)) * axes[2].in;
        const int64_t tap_row = (z * axes[1].taps + y) * axes[2].taps;
        for (int64_t x = first[2]; x < end[2]; ++x) use(tap_row + x, row + axes[2].Place(at[2], x));
      }
    }
  }

  WindowAxis axes[3];
};

}  // namespace dlctl
