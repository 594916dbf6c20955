// The gradient of a convolution's filter in tile registers: 32 channels of the result by 16 of the input at two taps, summed over the pixels of
// a band. The input lies there in pairs of images, so that for a tap a tile begins some cache lines further on.
#pragma once

#include <memory>
#include <vector>

#include "convolution_gradient.h"
#include "gradient_planes.h"
#include "image_groups.h"
#include "pixel_pairs.h"
#include "thread_pool.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** What a task sums up: all taps of some input channels. */
struct FilterGradientBlock {
  int64_t first, channels;
  /** [outputs in whole tiles, `SumsStep`], and [outputs in whole tiles]. */
  float *sums, *bias;
};

/** Of an output: tiles of 16 channels, of each all taps, of each 16 numbers. */
inline int64_t SumsStep(int64_t taps, int64_t channels) { return RoundUp(channels, kTileSide) * taps; }

/** Where the sum of a tap and a channel is. */
inline int64_t SumsPlace(int64_t taps, int64_t tap, int64_t channel) {
  return (channel / kTileSide * taps + tap) * kTileSide + channel % kTileSide;
}

/** Adds up bands of one block, on one thread. */
template <int kParts>
class FilterGradientTask {
 public:
  FilterGradientTask(const ConvolutionShape &s, const float *x, const OutputGradient &of, const FilterGradientBlock &block,
                     int64_t most_rows, int64_t most_images)
      : s_(s),
        x_(x),
        of_(of),
        block_(block),
        outputs_(RoundUp(s.outputs, kTileSide)),
        step_(SumsStep(s.rows * s.columns, block.channels)),
        input_({(most_rows - 1) * s.stride_y + s.rows, SeenColumns(s), Even(most_images), block.channels, s.stride_x}),
        gradient_(most_rows, s.out_width * Even(most_images), s.outputs),
        rows_(of.codes || of.y ? most_images * s.out_width * s.outputs : 0) {
    memset(block.sums, 0, outputs_ * step_ * sizeof(float));
    memset(block.bias, 0, outputs_ * sizeof(float));
  }

  void Run(const ImageGroup &group, int64_t first, int64_t end) {
    SplitInput(group, first, end);
    const std::vector<float> bias(block_.bias, block_.bias + outputs_);
    SplitGradient(group, first, end);
    if (!input_.range().AllowsProductsWith(gradient_.range())) {
      std::copy(bias.begin(), bias.end(), block_.bias);
      for (int64_t image = 0; image < group.count; ++image) RunPlain(group.first + image, first, end);
      return;
    }
    const TileScope scope;
    for (int64_t output = 0; output < s_.outputs; output += 2 * kTileSide)
      AddRows(end - first, output);
  }

 private:
  /** Where an image has no other one beside it, it is beside nothing. */
  static int64_t Even(int64_t images) { return RoundUp(images, 2); }

  void SplitInput(const ImageGroup &group, int64_t first, int64_t end) {
    const int64_t rows = (end - first - 1) * s_.stride_y + s_.rows, top = first * s_.stride_y - s_.pad_top;
    input_.Arrange(rows, Even(group.count));
    for (int64_t row = 0; row < rows; ++row) {
      const bool is_inside = top + row >= 0 && top + row < s_.height;
      const auto pixels = [&](int64_t image) {
        const bool is_there = is_inside && image < group.count;
        return is_there ? x_ + ((group.first + image) * s_.height + top + row) * s_.width * s_.inputs + block_.first : nullptr;
      };
      for (int64_t image = 0; image < group.count; image += 2)
        input_.Write(row, image / 2, pixels(image), pixels(image + 1), s_.inputs, s_.pad_left, s_.width);
    }
  }

  void SplitGradient(const ImageGroup &group, int64_t first, int64_t end) {
    const int64_t images = Even(group.count);
    gradient_.Arrange(end - first, s_.out_width * images);
    places_.assign(gradient_.blocks() * kTileDepth, nullptr);
    for (int64_t row = first; row < end; ++row) {
      for (int64_t image = 0; image < group.count; ++image) {
        float *memory = rows_.data() + image * s_.out_width * s_.outputs;
        const float *dy = GradientRow(s_, of_, group.first + image, row, memory);
        for (int64_t column = 0; column < s_.out_width; ++column) places_[column * images + image] = dy + column * s_.outputs;
      }
      gradient_.Write(row - first, places_.data(), block_.bias);
    }
  }

  int64_t taps() const { return s_.rows * s_.columns; }
  /** What the sums of this index, of a tap of a tile of channels, see of the input. */
  const uint16_t *PlaceOf(int64_t at) const {
    const int64_t tap = at % taps();
    return input_.Place(at / taps(), tap / s_.columns, tap % s_.columns);
  }

  /** All sums of 32 outputs, over so many rows. */
  void AddRows(int64_t rows, int64_t output) const {
    const bool is_wide = s_.outputs - output > kTileSide;
    const int64_t end = input_.Tiles() * taps();
    for (int64_t at = 0; at < end; at += 2) {
      if (at + 1 < end) {
        is_wide ? AddProducts<2, 2>(rows, at, output) : AddProducts<1, 2>(rows, at, output);
      } else {
        is_wide ? AddProducts<2, 1>(rows, at, output) : AddProducts<1, 1>(rows, at, output);
      }
    }
  }

  /** Of one or two taps, which often see the same cache lines. */
  template <int kRows, int kColumns>
  void AddProducts(int64_t rows, int64_t at, int64_t output) const {
    typedef TileSums<kRows, kColumns> Sums;
    float *sums = block_.sums + output * step_ + at * kTileSide;
    const uint16_t *x_row = PlaceOf(at);
    const size_t tile_bytes = kColumns == 2 ? (PlaceOf(at + 1) - x_row) * sizeof(uint16_t) : 0;
    Sums::Load(sums, step_);
    for (int64_t row = 0; row < rows; ++row, x_row += s_.stride_y * input_.next_row()) {
      TileColumns x{x_row, input_.part() * sizeof(uint16_t), tile_bytes};
      for (int64_t block = 0; block < gradient_.blocks(); ++block, x.data += kTileNumbers)
        Sums::template Add<kParts>(gradient_.Rows(output, row, block), x);
    }
    Sums::Store(sums, step_);
  }

  /** In floats, where parts of them would not do. */
  void RunPlain(int64_t image, int64_t first, int64_t end) const {
    const Scratch memory((s_.depth() + 1) * kBlock);
    for (int64_t block = 0; block * kBlock < s_.outputs; ++block) {
      const int64_t width = FilterGradientSums::WidthOf(s_, block), lanes = std::min(width, s_.outputs - block * kBlock);
      FilterGradientSums plain(s_, x_, of_, block, memory.data());
      SplitEvenly(end - first, FilterGradientRows(s_),
                  [&](int64_t at, int64_t count) { plain.AddBand(image, first + at, first + at + count); });
      for (int64_t tap = 0; tap < taps(); ++tap) {
        for (int64_t c = 0; c < block_.channels; ++c) {
          const float *from = memory.data() + (tap * s_.inputs + block_.first + c) * width;
          float *to = block_.sums + block * kBlock * step_ + SumsPlace(taps(), tap, c);
          for (int64_t lane = 0; lane < lanes; ++lane) to[lane * step_] += from[lane];
        }
      }
      for (int64_t lane = 0; lane < lanes; ++lane) block_.bias[block * kBlock + lane] += memory.data()[s_.depth() * width + lane];
    }
  }

 public:
  static constexpr int64_t kMostImages = 16;

 private:
  const ConvolutionShape &s_;
  const float *x_;
  const OutputGradient &of_;
  FilterGradientBlock block_;
  int64_t outputs_, step_;
  PixelPairs<kParts> input_;
  GradientPlanes<kParts> gradient_;
  Scratch rows_;
  std::vector<const float *> places_;
};

/** Whether the gradient of the filter is computed faster in tiles, as measured: they are padded to 16 channels, and numbers are split. */
inline bool FilterTilesPay(const ConvolutionShape &s) {
  const bool is_used_often = s.rows * s.columns >= 4 || std::min(s.inputs, s.outputs) >= 128;
  return HasTiles() && is_used_often && RoundUp(s.inputs, kTileSide) * 2 <= s.inputs * 3;
}

/** The sum of all parts, `next_part` numbers apart, of 16 outputs by 16 inputs, across: `outputs` numbers for each of `inputs`. */
inline void JoinTile(const float *from, int64_t step, int64_t next_part, int64_t parts, int64_t inputs, int64_t outputs, float *to,
                     int64_t to_step) {
  __m512i rows[16];
  for (int64_t row = 0; row < kTileSide; ++row) {
    __m512 sum = _mm512_loadu_ps(from + row * step);
    for (int64_t part = 1; part < parts; ++part) sum = _mm512_add_ps(sum, _mm512_loadu_ps(from + part * next_part + row * step));
    rows[row] = _mm512_castps_si512(sum);
  }
  Transpose(rows);
  const __mmask16 inside = static_cast<__mmask16>(FirstOf32(outputs));
  for (int64_t input = 0; input < inputs; ++input) _mm512_mask_storeu_epi32(to + input * to_step, inside, rows[input]);
}

/** Writes the gradients of filter and bias. How sums are joined depends on sizes alone. */
template <int kParts>
void FilterGradientByTiles(const ConvolutionShape &s, const float *x, const OutputGradient &of, float *filter, float *bias) {
  constexpr int64_t kInputs = 64;
  const int64_t blocks = (s.inputs + kInputs - 1) / kInputs, outputs = RoundUp(s.outputs, kTileSide);
  const int64_t images = std::max<int64_t>(2, ImagesSideBySide(s.out_width, kTileDepth, FilterGradientTask<kParts>::kMostImages));
  const std::vector<ImageGroup> groups = GroupsOf(s.batch, images);
  const int64_t count = static_cast<int64_t>(groups.size());
  // Both sides of a band should stay in a core's second cache.
  const int64_t pixels = 131072 / (std::min(kInputs, s.inputs) + s.outputs);
  const int64_t most = std::min(s.out_height, std::max<int64_t>(3, pixels / (s.out_width * groups[0].count)));
  const int64_t worth = static_cast<int64_t>(s.operations() / 8e6), held = (int64_t{1} << 20) / (s.depth() * s.outputs + 1);
  const int64_t parts = std::max<int64_t>(1, std::min({worth, 16 / std::min<int64_t>(16, blocks), held, count * s.out_height}));
  const auto channels_of = [&](int64_t block) { return std::min(kInputs, s.inputs - block * kInputs); };
  const int64_t taps = s.rows * s.columns;
  const int64_t step = SumsStep(taps, std::min(kInputs, s.inputs)), size = outputs * step;
  const Scratch sums(parts * blocks * size), biases(parts * blocks * outputs);
  const auto sums_of = [&](int64_t block, int64_t part) {
    return FilterGradientBlock{block * kInputs, channels_of(block), sums.data() + (block * parts + part) * size,
                               biases.data() + (block * parts + part) * outputs};
  };
  ParallelFor(static_cast<int>(blocks * parts), [&](int task) {
    const int64_t part = task % parts;
    FilterGradientTask<kParts> own(s, x, of, sums_of(task / parts, part), most, groups[0].count);
    RowsOfTask(count, s.out_height, most, part, parts,
               [&](int64_t group, int64_t first, int64_t end) { own.Run(groups[group], first, end); });
  });
  for (int64_t output = 0; output < s.outputs; ++output) {
    float sum = biases.data()[output];
    for (int64_t part = 1; part < parts; ++part) sum += biases.data()[part * outputs + output];
    bias[output] = sum;
  }
  const auto join_tap = [&](int64_t tap) {
    for (int64_t input = 0; input < s.inputs; input += kTileSide) {
      const FilterGradientBlock block = sums_of(input / kInputs, 0);
      const int64_t own_step = SumsStep(taps, block.channels);
      for (int64_t output = 0; output < s.outputs; output += kTileSide) {
        const float *from = block.sums + output * own_step + SumsPlace(taps, tap, input - block.first);
        JoinTile(from, own_step, size, parts, std::min<int64_t>(kTileSide, s.inputs - input),
                 std::min<int64_t>(kTileSide, s.outputs - output), filter + (tap * s.inputs + input) * s.outputs + output, s.outputs);
      }
    }
  };
  if (s.depth() * s.outputs * parts < 100000) {
    for (int64_t tap = 0; tap < taps; ++tap) join_tap(tap);
  } else {
    ParallelFor(static_cast<int>(taps), join_tap);
  }
}

}  // namespace dlctl

#endif
