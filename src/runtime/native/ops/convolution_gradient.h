// Gradients of convolutions, of the filter and of the input, from what came of their result: after relu, or relu and pooling.
#pragma once

#include "convolution_tile.h"

namespace dlctl {

struct OutputGradient {
  /** Of the result, pooled or not. */
  const float *dy;
  /** The result, where relu made it and nothing was pooled; else null. */
  const float *y;
  /** Which pixels were taken, where it was pooled; else null. */
  const uint8_t *codes;
};

/**
 * Writes the gradient of the sums of one row of an image: channels [first, first + width) of each pixel, 0 for those
 * beyond the outputs.
 */
inline void WriteGradientRow(const ConvolutionShape &s, const OutputGradient &of, int64_t image, int64_t row,
                             int64_t first, int64_t width, float *to) {
  const int64_t real = std::min(width, s.outputs - first);
  const int64_t pool = of.codes ? 2 : 1;
  const int64_t row_at = (image * (s.out_height / pool) + row / pool) * (s.out_width / pool);
  for (int64_t column = 0; column < s.out_width; ++column, to += width) {
    const int64_t at = (row_at + column / pool) * s.outputs + first;
    const float *dy = of.dy + at;
    if (of.codes) {
      const uint8_t *codes = of.codes + at;
      const uint8_t own = row % 2 * 2 + column % 2;
      for (int64_t c = 0; c < real; ++c) to[c] = codes[c] == own ? dy[c] : 0;
    } else if (of.y) {
      const float *y = of.y + at;
      for (int64_t c = 0; c < real; ++c) to[c] = y[c] > 0 ? dy[c] : 0;
    } else {
      memcpy(to, dy, real * sizeof(float));
    }
    for (int64_t c = real; c < width; ++c) to[c] = 0;
  }
}

/** As `WriteGradientRow` of all channels: in `memory`, or dy itself where that is the gradient of the sums. */
inline const float *GradientRow(const ConvolutionShape &s, const OutputGradient &of, int64_t image, int64_t row, float *memory) {
  if (!of.codes && !of.y) return of.dy + (image * s.out_height + row) * s.out_width * s.outputs;
  WriteGradientRow(s, of, image, row, 0, s.outputs, memory);
  return memory;
}

/** P numbers of a window's row by V vectors of outputs, over all pixels of a band. */
struct GradientTile {
  const float *x;
  int64_t next_column, next_row;
  const float *dy;
  int64_t next_dy, next_dy_row;
  int64_t rows, columns;
  /** Added to: P rows. */
  float *sums;
};

template <int P, int V>
__attribute__((noinline)) void FilterGradientTile(const GradientTile &tile) {
  Vec sums[P][V] = {};
  const float *x_row = tile.x;
  const float *dy_row = tile.dy;
  for (int64_t row = 0; row < tile.rows; ++row, x_row += tile.next_row, dy_row += tile.next_dy_row) {
    const float *x = x_row;
    const float *dy = dy_row;
    for (int64_t column = 0; column < tile.columns; ++column, x += tile.next_column, dy += tile.next_dy) {
      Vec slopes[V];
      for (int v = 0; v < V; ++v) slopes[v] = Load(dy + v * kLanes);
#pragma GCC unroll 12
      for (int p = 0; p < P; ++p)
        for (int v = 0; v < V; ++v) sums[p][v] += x[p] * slopes[v];
    }
  }
  for (int p = 0; p < P; ++p) {
    for (int v = 0; v < V; ++v) {
      float *sum = tile.sums + (p * V + v) * kLanes;
      Store(sum, Load(sum) + sums[p][v]);
    }
  }
}

template <int P = kMostPixels>
void RunFilterGradientTile(const GradientTile &tile, int64_t inputs, bool is_double) {
  if (inputs == P) return is_double ? FilterGradientTile<P, 2>(tile) : FilterGradientTile<P, 1>(tile);
  if constexpr (P > 1) RunFilterGradientTile<P - 1>(tile, inputs, is_double);
}

/** Rows of a band in the filter's gradient of one block. */
inline int64_t FilterGradientRows(const ConvolutionShape &s) {
  return std::min(s.out_height, RowsInCache(std::max(s.out_width * kBlock, s.stride_y * SeenColumns(s) * s.inputs)));
}

/** Sums up the gradient of the filter and, as its last row, of the bias, of a block of output channels. */
class FilterGradientSums {
 public:
  /** For bands of up to `FilterGradientRows`. `sums` is [depth + 1, width of the block]; it is cleared. */
  FilterGradientSums(const ConvolutionShape &s, const float *x, const OutputGradient &of, int64_t block, float *sums)
      : s_(s),
        x_(x),
        of_(of),
        first_channel_(block * kBlock),
        width_(WidthOf(s, block)),
        input_memory_(InputBandSize(s, FilterGradientRows(s))),
        dy_memory_(FilterGradientRows(s) * s.out_width * width_),
        sums_(sums) {
    memset(sums, 0, (s.depth() + 1) * width_ * sizeof(float));
  }

  static int64_t WidthOf(const ConvolutionShape &s, int64_t block) {
    return s.outputs - block * kBlock > kLanes ? kBlock : kLanes;
  }

  /** Adds what rows [first, end) of an image contribute. */
  void AddBand(int64_t image, int64_t first, int64_t end) {
    const int64_t dy_row = s_.out_width * width_, window_row = s_.columns * s_.inputs;
    const InputBand band = InputOf(s_, x_, image, first, end, input_memory_.data());
    float *dy = dy_memory_.data(), *bias = sums_ + s_.depth() * width_;
    for (int64_t row = first; row < end; ++row)
      WriteGradientRow(s_, of_, image, row, first_channel_, width_, dy + (row - first) * dy_row);
    for (int64_t at = 0; at < (end - first) * dy_row; at += width_)
      for (int64_t c = 0; c < width_; c += kLanes) Store(bias + c, Load(bias + c) + Load(dy + at + c));
    GradientTile tile{nullptr, s_.stride_x * s_.inputs, s_.stride_y * band.row_size, dy,     width_,
                      dy_row,  end - first,             s_.out_width,                nullptr};
    for (int64_t tap_row = 0; tap_row < s_.rows; ++tap_row) {
      SplitEvenly(window_row, kMostPixels, [&](int64_t input, int64_t count) {
        tile.x = band.data + tap_row * band.row_size + input;
        tile.sums = sums_ + (tap_row * window_row + input) * width_;
        RunFilterGradientTile(tile, count, width_ == kBlock);
      });
    }
  }

 private:
  const ConvolutionShape &s_;
  const float *x_;
  const OutputGradient &of_;
  int64_t first_channel_, width_;
  Scratch input_memory_, dy_memory_;
  float *sums_;
};

/**
 * The gradient of the input is a convolution of that of the output with the filter turned round. With strides, it falls
 * into phases: pixels of the same position within a stride see the same taps, here along one axis.
 */
inline int64_t TapsOfPhase(int64_t offset, int64_t taps, int64_t stride) {
  return offset < taps ? (taps - offset + stride - 1) / stride : 0;
}

inline int64_t TurnedFilterSize(const ConvolutionShape &s) {
  return s.rows * s.columns * s.outputs * RoundUp(s.inputs, kLanes);
}

/** Packs the filter for `InputGradient`, phase after phase. */
inline void PackTurnedFilter(const ConvolutionShape &s, const float *filter, float *packed) {
  const Scratch memory(s.depth() * s.outputs);
  float *turned = memory.data();
  for (int64_t tap = 0; tap < s.rows * s.columns; ++tap) {
    const float *from = filter + tap * s.inputs * s.outputs;
    float *to = turned + tap * s.inputs * s.outputs;
    for (int64_t output = 0; output < s.outputs; ++output)
      for (int64_t input = 0; input < s.inputs; ++input) *to++ = from[input * s.outputs + output];
  }
  for (int64_t y = 0; y < s.stride_y; ++y) {
    for (int64_t x = 0; x < s.stride_x; ++x) {
      const int64_t rows = TapsOfPhase(y, s.rows, s.stride_y);
      const int64_t columns = TapsOfPhase(x, s.columns, s.stride_x);
      const int64_t depth = rows * columns * s.outputs;
      const auto row = [&](int64_t d) {
        const int64_t tap_row = y + (rows - 1 - d / (columns * s.outputs)) * s.stride_y;
        const int64_t tap_column = x + (columns - 1 - d / s.outputs % columns) * s.stride_x;
        return turned + ((tap_row * s.columns + tap_column) * s.outputs + d % s.outputs) * s.inputs;
      };
      PackFilter(depth, s.inputs, row, packed);
      packed += PackedFilterSize(depth, s.inputs);
    }
  }
}

/** How often the strides fit into the padded input: rows of work in `InputGradient`. */
inline int64_t InputGradientRows(const ConvolutionShape &s) {
  return (s.pad_top + s.height + s.stride_y - 1) / s.stride_y;
}

/** Where the gradient of the input goes. */
struct InputGradientResult {
  float *dx;
  /** Like dx, added to it; may be dx itself. Null: nothing. */
  const float *added;
};

/** Computes the gradient of the input with the filter of `PackTurnedFilter`, on one thread. */
class InputGradientBands {
 public:
  InputGradientBands(const ConvolutionShape &s, const OutputGradient &of, const float *packed, const InputGradientResult &result)
      : s_(s),
        of_(of),
        packed_(packed),
        result_(result),
        steps_x_((s.pad_left + s.width + s.stride_x - 1) / s.stride_x),
        halo_y_((s.rows - 1) / s.stride_y),
        halo_x_((s.columns - 1) / s.stride_x),
        row_size_((halo_x_ + std::max(steps_x_, s.out_width)) * s.outputs),
        memory_((most_rows() + halo_y_) * row_size_) {}

  int64_t most_rows() const { return std::min(InputGradientRows(s_), RowsInCache(row_size_)); }

  /** Rows [first, end) of `InputGradientRows`, at most `most_rows()` of them. */
  void Run(int64_t image, int64_t first, int64_t end) const {
    float *band = memory_.data();
    for (int64_t row = first - halo_y_; row < end; ++row) {
      float *to = band + (row - first + halo_y_) * row_size_;
      memset(to, 0, row_size_ * sizeof(float));
      if (row >= 0 && row < s_.out_height) WriteGradientRow(s_, of_, image, row, 0, s_.outputs, to + halo_x_ * s_.outputs);
    }
    const float *filter = packed_;
    for (int64_t y = 0; y < s_.stride_y; ++y) {
      for (int64_t x = 0; x < s_.stride_x; ++x) {
        const int64_t depth = TapsOfPhase(y, s_.rows, s_.stride_y) * TapsOfPhase(x, s_.columns, s_.stride_x) * s_.outputs;
        RunPhase(image, first, end, y, x, filter);
        filter += PackedFilterSize(depth, s_.inputs);
      }
    }
  }

 private:
  void RunPhase(int64_t image, int64_t first, int64_t end, int64_t y, int64_t x, const float *filter) const {
    const int64_t tap_rows = TapsOfPhase(y, s_.rows, s_.stride_y);
    const int64_t tap_columns = TapsOfPhase(x, s_.columns, s_.stride_x);
    const int64_t depth = tap_rows * tap_columns * s_.outputs;
    // Steps at which a pixel of this phase lies in the image.
    const int64_t first_step = std::max<int64_t>(0, s_.pad_left - x + s_.stride_x - 1) / s_.stride_x;
    const int64_t end_step = std::max<int64_t>(0, s_.pad_left + s_.width - x + s_.stride_x - 1) / s_.stride_x;
    for (int64_t row = first; row < end; ++row) {
      const int64_t y_at = row * s_.stride_y + y - s_.pad_top;
      if (y_at < 0 || y_at >= s_.height || end_step <= first_step) continue;
      const int64_t x_at = first_step * s_.stride_x + x - s_.pad_left;
      const int64_t place = ((image * s_.height + y_at) * s_.width + x_at) * s_.inputs;
      ConvolutionTile tile{};
      tile.x = memory_.data() + (row - first + halo_y_ - (tap_rows - 1)) * row_size_ +
               (first_step + halo_x_ - (tap_columns - 1)) * s_.outputs;
      tile.next_column = s_.outputs;
      tile.tap_rows = tap_rows;
      tile.next_tap_row = row_size_;
      tile.depth = tap_columns * s_.outputs;
      tile.next_y = s_.stride_x * s_.inputs;
      const float *window = tile.x;
      for (int64_t channel = 0; channel < s_.inputs; channel += kBlock) {
        tile.filter = filter + channel * depth;
        tile.lanes = std::min(kBlock, s_.inputs - channel);
        SplitEvenly(end_step - first_step, kMostPixels, [&](int64_t step, int64_t count) {
          tile.x = window + step * s_.outputs;
          const int64_t at = place + step * tile.next_y + channel;
          tile.y = result_.dx + at;
          tile.added = result_.added ? result_.added + at : nullptr;
          RunPlainTile(tile, count);
        });
      }
    }
  }

  const ConvolutionShape &s_;
  const OutputGradient &of_;
  const float *packed_;
  InputGradientResult result_;
  int64_t steps_x_, halo_y_, halo_x_, row_size_;
  Scratch memory_;
};

}  // namespace dlctl
