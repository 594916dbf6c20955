// A convolution in vectors of floats, row by row of its result.
#pragma once

#include "convolution_tile.h"

namespace dlctl {

/** A convolution as our operation gets it. */
struct ConvolutionCall {
  ConvolutionShape shape;
  bool relu, pooled;
  /** [batch, height, width, inputs], [rows, columns, inputs, outputs]; the bias padded to whole blocks, null: none. */
  const float *x, *filter, *bias;
  /** [batch, y_rows, y_columns, outputs]; which pixels were pooled (ConvolutionTile::codes) is not asked for where it is null. */
  float *y;
  uint8_t *codes;

  int64_t pool() const { return pooled ? 2 : 1; }
  int64_t y_rows() const { return shape.out_height / pool(); }
  int64_t y_columns() const { return shape.out_width / pool(); }
};

/** [rows, columns, inputs, outputs] as tiles of registers read it; in `packed`, of `PackedFilterSize`. */
inline void PackFilter(const ConvolutionCall &call, float *packed) {
  const ConvolutionShape &s = call.shape;
  PackFilter(s.depth(), s.outputs, [&](int64_t d) { return call.filter + d * s.outputs; }, packed);
}

/** Computes bands of rows of the result, on one thread. */
class PlainConvolution {
 public:
  PlainConvolution(const ConvolutionCall &call, const float *packed_filter)
      : call_(call), filter_(packed_filter), memory_(InputBandSize(call.shape, most_rows() * call.pool())) {}

  int64_t most_rows() const {
    const ConvolutionShape &s = call_.shape;
    return std::min(call_.y_rows(), RowsInCache(SeenColumns(s) * s.inputs * s.stride_y * call_.pool()));
  }

  /** Rows [first, end) of an image's result, at most `most_rows()` of them. */
  void Run(int64_t image, int64_t first, int64_t end) const {
    const ConvolutionShape &s = call_.shape;
    const int64_t pool = call_.pool(), y_columns = call_.y_columns();
    const InputBand band = InputOf(s, call_.x, image, first * pool, end * pool, memory_.data());
    ConvolutionTile tile{};
    tile.next_row = s.stride_y * band.row_size;
    tile.next_column = s.stride_x * s.inputs;
    tile.tap_rows = s.rows;
    tile.next_tap_row = band.row_size;
    tile.depth = s.columns * s.inputs;
    tile.relu = call_.relu;
    tile.next_y = s.outputs;
    for (int64_t channel = 0; channel < s.outputs; channel += kBlock) {
      tile.filter = filter_ + channel * s.depth();
      tile.bias = call_.bias ? call_.bias + channel : nullptr;
      tile.lanes = std::min(kBlock, s.outputs - channel);
      for (int64_t row = first; row < end; ++row) {
        const float *window = band.data + (row - first) * pool * tile.next_row;
        const int64_t y_row = (image * call_.y_rows() + row) * y_columns * s.outputs + channel;
        SplitEvenly(y_columns, call_.pooled ? kMostWindows : kMostPixels, [&](int64_t column, int64_t count) {
          tile.x = window + column * pool * tile.next_column;
          tile.y = call_.y + y_row + column * s.outputs;
          tile.codes = call_.codes ? call_.codes + y_row + column * s.outputs : nullptr;
          if (call_.pooled) RunPooledTile(tile, count);
          else RunPlainTile(tile, count);
        });
      }
    }
  }

 private:
  const ConvolutionCall &call_;
  const float *filter_;
  Scratch memory_;
};

}  // namespace dlctl
