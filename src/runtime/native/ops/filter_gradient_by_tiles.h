// The gradient of a convolution's filter in tile registers: 32 channels of the input by 32 of the result, summed over the pixels of a
// band. The input lies there with the pixels of a channel side by side, so that for a tap a tile begins some pixels further on.
#pragma once

#include <memory>
#include <vector>

#include "channel_planes.h"
#include "convolution_gradient.h"
#include "gradient_tiles.h"
#include "image_groups.h"
#include "thread_pool.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** What a task sums up: all taps of some input channels. */
struct FilterGradientBlock {
  int64_t first, channels;
  /** [tiles of 16 channels, taps, 16, outputs in whole tiles], and [outputs in whole tiles]. */
  float *sums, *bias;
};

/** Where the sums of a tap and a channel are. */
inline int64_t SumsRow(int64_t taps, int64_t tap, int64_t channel) {
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
        step_(RoundUp(s.outputs, kTileSide)),
        planes_({(most_rows - 1) * s.stride_y + s.rows, SeenColumns(s), most_images, block.channels, s.stride_x}),
        tiles_(most_rows, s.out_width * most_images, s.outputs),
        rows_(of.codes || of.y ? most_images * s.out_width * s.outputs : 0) {
    memset(block.sums, 0, s.rows * s.columns * RoundUp(block.channels, kTileSide) * step_ * sizeof(float));
    memset(block.bias, 0, step_ * sizeof(float));
  }

  void Run(const ImageGroup &group, int64_t first, int64_t end) {
    SplitInput(group, first, end);
    const std::vector<float> bias(block_.bias, block_.bias + step_);
    SplitGradient(group, first, end);
    if (!planes_.range().AllowsProductsWith(tiles_.range())) {
      std::copy(bias.begin(), bias.end(), block_.bias);
      for (int64_t image = 0; image < group.count; ++image) RunPlain(group.first + image, first, end);
      return;
    }
    const TileScope scope;
    // So few rows at a time that both sides stay in a cache for all taps.
    const int64_t most = std::max<int64_t>(1, kBlocksAtOnce / tiles_.blocks());
    for (int64_t output = 0; output < s_.outputs; output += 2 * kTileSide) {
      for (int64_t tile = 0; tile < planes_.Tiles(); tile += tiles_at_once()) {
        const int64_t end_sums = std::min(planes_.Tiles(), tile + tiles_at_once()) * taps();
        SplitEvenly(end - first, most, [&](int64_t row, int64_t rows) {
          AddRows(row, rows, tile * taps(), end_sums, output);
        });
      }
    }
  }

 private:
  void SplitInput(const ImageGroup &group, int64_t first, int64_t end) {
    const int64_t rows = (end - first - 1) * s_.stride_y + s_.rows, top = first * s_.stride_y - s_.pad_top;
    planes_.Arrange(rows, group.count);
    for (int64_t row = std::max<int64_t>(0, -top); row < std::min(rows, s_.height - top); ++row) {
      for (int64_t image = 0; image < group.count; ++image) {
        const float *pixels = x_ + ((group.first + image) * s_.height + top + row) * s_.width * s_.inputs + block_.first;
        planes_.Set(row, image, pixels, s_.inputs, s_.pad_left, s_.width);
      }
    }
    planes_.Split();
  }

  void SplitGradient(const ImageGroup &group, int64_t first, int64_t end) {
    tiles_.Arrange(end - first, s_.out_width * group.count);
    places_.assign(tiles_.blocks() * kTileDepth, nullptr);
    for (int64_t row = first; row < end; ++row) {
      for (int64_t image = 0; image < group.count; ++image) {
        float *memory = rows_.data() + image * s_.out_width * s_.outputs;
        const float *dy = GradientRow(s_, of_, group.first + image, row, memory);
        for (int64_t column = 0; column < s_.out_width; ++column) places_[column * group.count + image] = dy + column * s_.outputs;
      }
      tiles_.Write(row - first, places_.data(), block_.bias);
    }
  }

  int64_t taps() const { return s_.rows * s_.columns; }
  /** What the sums of this index, of a tap of a tile of channels, see of the input. */
  const uint16_t *PlaceOf(int64_t at) const {
    const int64_t tap = at % taps();
    return planes_.Place(at / taps(), tap / s_.columns, tap % s_.columns);
  }

  int64_t tiles_at_once() const { return taps() % 2 == 1 ? 2 : 1; }

  /** Sums [first, end), of 32 outputs, over some rows. */
  void AddRows(int64_t row, int64_t rows, int64_t first, int64_t end, int64_t output) const {
    const bool is_wide = s_.outputs - output > kTileSide;
    for (int64_t at = first; at < end; at += 2) {
      if (at + 1 < end) {
        is_wide ? AddProducts<2, 2>(row, rows, at, output) : AddProducts<2, 1>(row, rows, at, output);
      } else {
        is_wide ? AddProducts<1, 2>(row, rows, at, output) : AddProducts<1, 1>(row, rows, at, output);
      }
    }
  }

  /** Of one or two taps, which often see the same cache lines. */
  template <int kRows, int kColumns>
  void AddProducts(int64_t first, int64_t rows, int64_t at, int64_t output) const {
    typedef TileSums<kRows, kColumns> Sums;
    float *sums = block_.sums + at * kTileSide * step_ + output;
    const uint16_t *x_row = PlaceOf(at) + first * s_.stride_y * planes_.next_row();
    const size_t tile_bytes = kRows == 2 ? (PlaceOf(at + 1) - PlaceOf(at)) * sizeof(uint16_t) : 0;
    Sums::Load(sums, step_);
    for (int64_t row = first; row < first + rows; ++row, x_row += s_.stride_y * planes_.next_row()) {
      TileRows x{x_row, planes_.part() * sizeof(uint16_t), planes_.Step() * sizeof(uint16_t), tile_bytes};
      for (int64_t block = 0; block < tiles_.blocks(); ++block, x.data += kTileDepth)
        Sums::template Add<kParts>(x, tiles_.Columns(output, row, block));
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
      const auto add = [&](const float *from, float *to) {
        for (int64_t lane = 0; lane < lanes; ++lane) to[block * kBlock + lane] += from[lane];
      };
      for (int64_t tap = 0; tap < taps(); ++tap)
        for (int64_t c = 0; c < block_.channels; ++c)
          add(memory.data() + (tap * s_.inputs + block_.first + c) * width, block_.sums + SumsRow(taps(), tap, c) * step_);
      add(memory.data() + s_.depth() * width, block_.bias);
    }
  }

 public:
  static constexpr int64_t kMostImages = 16;

 private:
  static constexpr int64_t kBlocksAtOnce = 16;

  const ConvolutionShape &s_;
  const float *x_;
  const OutputGradient &of_;
  FilterGradientBlock block_;
  int64_t step_;
  ChannelPlanes<kParts> planes_;
  GradientTiles<kParts> tiles_;
  Scratch rows_;
  std::vector<const float *> places_;
};

/** Whether the gradient of the filter is computed faster in tiles, as measured: they are padded to 16 channels, and numbers are split. */
inline bool FilterTilesPay(const ConvolutionShape &s) {
  const bool is_used_often = s.rows * s.columns >= 4 || std::min(s.inputs, s.outputs) >= 128;
  return HasTiles() && is_used_often && RoundUp(s.inputs, kTileSide) * 2 <= s.inputs * 3;
}

/** Writes the gradients of filter and bias. How sums are joined depends on sizes alone. */
template <int kParts>
void FilterGradientByTiles(const ConvolutionShape &s, const float *x, const OutputGradient &of, float *filter, float *bias) {
  constexpr int64_t kInputs = 64;
  const int64_t blocks = (s.inputs + kInputs - 1) / kInputs, step = RoundUp(s.outputs, kTileSide);
  const int64_t images = ImagesSideBySide(s.out_width, kTileDepth, FilterGradientTask<kParts>::kMostImages);
  const std::vector<ImageGroup> groups = GroupsOf(s.batch, images);
  const int64_t count = static_cast<int64_t>(groups.size());
  // Both sides of a band should stay in a core's second cache.
  const int64_t pixels = 131072 / (std::min(kInputs, s.inputs) + s.outputs);
  const int64_t most = std::min(s.out_height, std::max<int64_t>(3, pixels / (s.out_width * groups[0].count)));
  const int64_t worth = static_cast<int64_t>(s.operations() / 8e6), held = (int64_t{1} << 20) / (s.depth() * s.outputs + 1);
  const int64_t parts = std::max<int64_t>(1, std::min({worth, 16 / std::min<int64_t>(16, blocks), held, count * s.out_height}));
  const auto channels_of = [&](int64_t block) { return std::min(kInputs, s.inputs - block * kInputs); };
  const int64_t taps = s.rows * s.columns;
  const int64_t size = taps * RoundUp(std::min(kInputs, s.inputs), kTileSide) * step;
  const Scratch sums(parts * blocks * size), biases(parts * blocks * step);
  const auto sums_of = [&](int64_t block, int64_t part) {
    return FilterGradientBlock{block * kInputs, channels_of(block), sums.data() + (block * parts + part) * size,
                               biases.data() + (block * parts + part) * step};
  };
  ParallelFor(static_cast<int>(blocks * parts), [&](int task) {
    const int64_t part = task % parts;
    FilterGradientTask<kParts> own(s, x, of, sums_of(task / parts, part), most, groups[0].count);
    RowsOfTask(count, s.out_height, most, part, parts,
               [&](int64_t group, int64_t first, int64_t end) { own.Run(groups[group], first, end); });
  });
  const auto join = [&](const float *from, int64_t next, float *to) {
    for (int64_t c = 0; c < s.outputs; ++c) {
      float sum = from[c];
      for (int64_t part = 1; part < parts; ++part) sum += from[part * next + c];
      to[c] = sum;
    }
  };
  join(biases.data(), step, bias);
  const auto join_tap = [&](int64_t tap) {
    for (int64_t input = 0; input < s.inputs; ++input) {
      const FilterGradientBlock block = sums_of(input / kInputs, 0);
      join(block.sums + SumsRow(taps, tap, input - block.first) * step, size, filter + (tap * s.inputs + input) * s.outputs);
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
