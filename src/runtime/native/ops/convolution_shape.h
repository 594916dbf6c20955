// Sizes of a convolution of images [batch, height, width, inputs] with a filter [rows, columns, inputs, outputs], and how
// its work is cut into tasks and bands of rows.
#pragma once

#include <stdint.h>
#include <string.h>

#include <algorithm>

#include "op.h"
#include "vector.h"

namespace dlctl {

/** Output channels of a block: two vectors of them lie in registers at a time. */
constexpr int64_t kBlock = 2 * kLanes;

inline int64_t RoundUp(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

struct ConvolutionShape {
  int64_t batch, height, width, inputs;
  int64_t rows, columns, outputs;
  int64_t stride_y, stride_x, pad_top, pad_left;
  /** Where the result is pooled by 2 x 2, only whole windows are computed: these are even then. */
  int64_t out_height, out_width;

  int64_t depth() const { return rows * columns * inputs; }
  int64_t padded_outputs() const { return RoundUp(outputs, kLanes); }
  double operations() const {
    return 2.0 * static_cast<double>(batch * out_height * out_width) * static_cast<double>(outputs * depth());
  }
};

/** What the attributes of our convolutions say. */
struct ConvolutionOptions {
  explicit ConvolutionOptions(const Attributes &attributes)
      : stride_y(attributes.Int("stride_y")),
        stride_x(attributes.Int("stride_x")),
        is_same(attributes.Bool("same")),
        relu(attributes.Bool("relu")),
        pooled(attributes.Bool("pooled")) {
    Call::Require(stride_y > 0 && stride_x > 0, "strides must be positive");
  }

  /** Of images `[batch, height, width, inputs]`. Padding is TensorFlow's. */
  ConvolutionShape ShapeOf(int64_t batch, int64_t height, int64_t width, int64_t inputs, int64_t rows, int64_t columns,
                           int64_t outputs) const {
    ConvolutionShape shape{batch, height, width, inputs, rows, columns, outputs, stride_y, stride_x, 0, 0, 0, 0};
    Axis(height, rows, stride_y, &shape.out_height, &shape.pad_top);
    Axis(width, columns, stride_x, &shape.out_width, &shape.pad_left);
    if (pooled) {
      shape.out_height -= shape.out_height % 2;
      shape.out_width -= shape.out_width % 2;
    }
    return shape;
  }

  int64_t stride_y, stride_x;
  bool is_same, relu, pooled;

 private:
  void Axis(int64_t size, int64_t taps, int64_t stride, int64_t *out, int64_t *pad) const {
    *out = is_same ? (size + stride - 1) / stride : (size < taps ? 0 : (size - taps) / stride + 1);
    *pad = is_same ? std::max<int64_t>(0, (*out - 1) * stride + taps - size) / 2 : 0;
  }
};

/** Calls `run(first, count)` for parts of [0, total) that are nearly alike and no longer than `most`. */
template <class Run>
void SplitEvenly(int64_t total, int64_t most, const Run &run) {
  const int64_t parts = (total + most - 1) / most;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t first = total * part / parts;
    run(first, total * (part + 1) / parts - first);
  }
}

/** Of the rows of all images in order, those of one of `tasks` tasks: run(image, first, end), at most `most` at a time. */
template <class Run>
void RowsOfTask(int64_t images, int64_t rows, int64_t most, int64_t task, int64_t tasks, const Run &run) {
  int64_t at = images * rows * task / tasks;
  const int64_t end = images * rows * (task + 1) / tasks;
  while (at < end) {
    const int64_t image = at / rows;
    const int64_t row = at % rows;
    const int64_t here = std::min(rows - row, end - at);
    SplitEvenly(here, most, [&](int64_t first, int64_t count) { run(image, row + first, row + first + count); });
    at += here;
  }
}

/** So many rows that they fill a part of a core's second cache. */
inline int64_t RowsInCache(int64_t row_size) { return std::max<int64_t>(4, 65536 / std::max<int64_t>(1, row_size)); }

/**
 * Copies rows [first, end) of an image, of which some may lie outside, to rows of `columns` pixels that begin `left` pixels
 * before the image: what lies outside is 0.
 */
inline void CopyPadded(const float *image, int64_t height, int64_t width, int64_t channels, int64_t first, int64_t end,
                       int64_t left, int64_t columns, float *to) {
  const int64_t inside = std::min(width, columns - left) * channels;
  const int64_t before = left * channels;
  const int64_t after = columns * channels - before - inside;
  for (int64_t row = first; row < end; ++row, to += columns * channels) {
    if (row < 0 || row >= height) {
      memset(to, 0, columns * channels * sizeof(float));
      continue;
    }
    memset(to, 0, before * sizeof(float));
    memcpy(to + before, image + row * width * channels, inside * sizeof(float));
    memset(to + before + inside, 0, after * sizeof(float));
  }
}

/** The input rows that a band of output rows sees. */
struct InputBand {
  const float *data;
  /** Distance of rows. */
  int64_t row_size;
};

/** How many columns of the input, padding included, the output sees. */
inline int64_t SeenColumns(const ConvolutionShape &s) { return (s.out_width - 1) * s.stride_x + s.columns; }

/** Size of the memory that `InputOf` needs for bands of so many output rows. */
inline int64_t InputBandSize(const ConvolutionShape &s, int64_t rows) {
  return ((rows - 1) * s.stride_y + s.rows) * SeenColumns(s) * s.inputs;
}

/** What output rows [first, end) of an image see: the image itself, or where they see its padding a copy in `memory`. */
inline InputBand InputOf(const ConvolutionShape &s, const float *x, int64_t image, int64_t first, int64_t end,
                         float *memory) {
  const float *pixels = x + image * s.height * s.width * s.inputs;
  const int64_t top = first * s.stride_y - s.pad_top;
  const int64_t bottom = (end - 1) * s.stride_y - s.pad_top + s.rows;
  const int64_t columns = SeenColumns(s);
  if (top >= 0 && bottom <= s.height && s.pad_left == 0 && columns <= s.width) {
    return {pixels + top * s.width * s.inputs, s.width * s.inputs};
  }
  CopyPadded(pixels, s.height, s.width, s.inputs, top, bottom, s.pad_left, columns, memory);
  return {memory, columns * s.inputs};
}

}  // namespace dlctl
