// The gradient of a convolution's input in tile registers: a convolution of the result's gradient with the filter turned round.
#pragma once

#include <deque>

#include "convolution_by_tiles.h"
#include "convolution_gradient.h"
#include "transpose.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** Computes bands of the gradient of a convolution's input, on one thread: rows of steps, of which each has all phases. */
template <int kParts>
class InputGradientTask {
 public:
  InputGradientTask(const ConvolutionShape &s, const OutputGradient &of, const float *filter, const std::deque<TileFilter<kParts>> &filters,
                    const TileRange &filter_range, int64_t most_rows, int64_t most_images, const InputGradientResult &to)
      : s_(s),
        of_(of),
        filter_(filter),
        filters_(filters),
        filter_range_(filter_range),
        to_(to),
        halo_y_((s.rows - 1) / s.stride_y),
        halo_x_((s.columns - 1) / s.stride_x),
        pixels_({most_rows + halo_y_, Columns(s), most_images, s.outputs, 1}, kTileSide * most_images * s.outputs + kTileDepth),
        memory_(s.out_width * s.outputs) {}

  static int64_t Columns(const ConvolutionShape &s) {
    const int64_t steps = (s.pad_left + s.width + s.stride_x - 1) / s.stride_x;
    return (s.columns - 1) / s.stride_x + std::max(steps, s.out_width);
  }

  void Run(const ImageGroup &group, int64_t first, int64_t end) {
    pixels_.Arrange(end - first + halo_y_, group.count);
    for (int64_t row = first - halo_y_; row < end; ++row) {
      for (int64_t image = 0; image < group.count; ++image) {
        const bool is_inside = row >= 0 && row < s_.out_height;
        const float *dy = is_inside ? GradientRow(s_, of_, group.first + image, row, memory_.data()) : nullptr;
        pixels_.Write(row - first + halo_y_, image, dy, halo_x_, s_.out_width);
      }
    }
    if (!pixels_.range().AllowsProductsWith(filter_range_)) {
      return RunPlain(group, first, end);
    }
    const TileScope scope;
    for (int64_t y = 0; y < s_.stride_y; ++y)
      for (int64_t x = 0; x < s_.stride_x; ++x) RunPhase(group, first, end, y, x);
  }

 private:
  /** In floats, where parts of them would not do. */
  void RunPlain(const ImageGroup &group, int64_t first, int64_t end) const {
    const Scratch packed(TurnedFilterSize(s_));
    PackTurnedFilter(s_, filter_, packed.data());
    const InputGradientBands plain(s_, of_, packed.data(), to_);
    SplitEvenly(end - first, plain.most_rows(), [&](int64_t at, int64_t count) {
      for (int64_t image = 0; image < group.count; ++image) plain.Run(group.first + image, first + at, first + at + count);
    });
  }

  void RunPhase(const ImageGroup &group, int64_t first, int64_t end, int64_t y, int64_t x) {
    const PixelLayout &layout = pixels_.layout();
    const int64_t tap_rows = TapsOfPhase(y, s_.rows, s_.stride_y), tap_columns = TapsOfPhase(x, s_.columns, s_.stride_x);
    // Steps at which a pixel of this phase lies in the image.
    const auto steps_before = [](int64_t pixel, int64_t stride) { return std::max<int64_t>(0, pixel + stride - 1) / stride; };
    const int64_t first_step = steps_before(s_.pad_left - x, s_.stride_x);
    const int64_t end_step = steps_before(s_.pad_left + s_.width - x, s_.stride_x);
    const int64_t first_row = std::max(first, steps_before(s_.pad_top - y, s_.stride_y));
    const int64_t end_row = std::min(end, steps_before(s_.pad_top + s_.height - y, s_.stride_y));
    if (first_row >= end_row || first_step >= end_step) return;
    const int64_t y_at = first_row * s_.stride_y + y - s_.pad_top, x_at = first_step * s_.stride_x + x - s_.pad_left;
    const int64_t image_size = s_.height * s_.width * s_.inputs;
    const int64_t at = group.first * image_size + (y_at * s_.width + x_at) * s_.inputs;
    const TileResult result{to_.dx + at,
                            image_size,
                            s_.stride_y * s_.width * s_.inputs,
                            s_.stride_x * s_.inputs,
                            nullptr,
                            to_.added ? to_.added + at : nullptr,
                            false,
                            false,
                            nullptr};
    const TileBand band{pixels_.row(first_row - first + halo_y_ - (tap_rows - 1)) +
                            (first_step + halo_x_ - (tap_columns - 1)) * layout.next_pixel(),
                        s_.outputs,
                        layout.next_row(),
                        0,
                        end_row - first_row,
                        end_step - first_step};
    ConvolveBand(pixels_, band, TapsOf(layout, tap_rows, tap_columns), filters_[y * s_.stride_x + x], result);
  }

  const ConvolutionShape &s_;
  const OutputGradient &of_;
  const float *filter_;
  const std::deque<TileFilter<kParts>> &filters_;
  const TileRange &filter_range_;
  InputGradientResult to_;
  int64_t halo_y_, halo_x_;
  TilePixels<kParts> pixels_;
  Scratch memory_;
};

/** The filter with channels of input and output exchanged, [taps, outputs, inputs]. */
inline void ExchangeChannels(const ConvolutionShape &s, const float *filter, float *to) {
  const auto exchange = [&](int64_t tap) {
    const int64_t at = tap * s.inputs * s.outputs;
    for (int64_t input = 0; input < s.inputs; input += 16) {
      for (int64_t output = 0; output < s.outputs; output += 16) {
        const int64_t inputs = std::min<int64_t>(16, s.inputs - input), outputs = std::min<int64_t>(16, s.outputs - output);
        const __mmask16 from_mask = static_cast<__mmask16>((1u << outputs) - 1);
        const __mmask16 to_mask = static_cast<__mmask16>((1u << inputs) - 1);
        __m512i rows[16];
        for (int64_t i = 0; i < 16; ++i) {
          const float *from = filter + at + (input + i) * s.outputs + output;
          rows[i] = i < inputs ? _mm512_maskz_loadu_epi32(from_mask, from) : _mm512_setzero_si512();
        }
        Transpose(rows);
        for (int64_t o = 0; o < outputs; ++o)
          _mm512_mask_storeu_epi32(to + at + (output + o) * s.inputs + input, to_mask, rows[o]);
      }
    }
  };
  const int64_t taps = s.rows * s.columns;
  if (s.depth() * s.outputs < 40000) {
    for (int64_t tap = 0; tap < taps; ++tap) exchange(tap);
  } else {
    ParallelFor(static_cast<int>(taps), exchange);
  }
}

template <int kParts>
void InputGradientByTiles(const ConvolutionShape &s, const OutputGradient &of, const float *filter, const InputGradientResult &to) {
  const Scratch exchanged(s.depth() * s.outputs);
  ExchangeChannels(s, filter, exchanged.data());
  std::deque<TileFilter<kParts>> filters;
  TileRange range;
  for (int64_t y = 0; y < s.stride_y; ++y) {
    for (int64_t x = 0; x < s.stride_x; ++x) {
      const int64_t rows = TapsOfPhase(y, s.rows, s.stride_y), columns = TapsOfPhase(x, s.columns, s.stride_x);
      filters.emplace_back(rows, columns * s.outputs, s.inputs);
      range.See(filters.back().Fill([&](int64_t row, int64_t d) {
        const int64_t tap_row = y + (rows - 1 - row) * s.stride_y;
        const int64_t tap_column = x + (columns - 1 - d / s.outputs) * s.stride_x;
        return exchanged.data() + ((tap_row * s.columns + tap_column) * s.outputs + d % s.outputs) * s.inputs;
      }));
    }
  }
  typedef InputGradientTask<kParts> Task;
  const int64_t side_by_side = GroupedImages((s.width + s.stride_x - 1) / s.stride_x, s.outputs);
  const std::vector<ImageGroup> groups = GroupsOf(s.batch, side_by_side);
  const int64_t rows = InputGradientRows(s);
  const int64_t most = std::min(rows, RowsInCache(Task::Columns(s) * s.outputs * groups[0].count));
  RunBands(groups, rows, most, s.operations(), [&] {
    return std::make_unique<Task>(s, of, filter, filters, range, most, groups[0].count, to);
  });
}

}  // namespace dlctl

#endif
