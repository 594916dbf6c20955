// Convolutions in tile registers (convolution_tiles.h), in tasks and bands that sizes alone decide.
#pragma once

#include <memory>

#include "convolution_tiles.h"
#include "image_groups.h"
#include "plain_convolution.h"
#include "thread_pool.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/**
 * Whether windows of `rows` rows of `numbers` numbers are computed faster in tiles, as measured: they are padded to 32 numbers there, and
 * of few numbers splitting them takes longer than multiplying.
 */
inline bool TilesPay(int64_t rows, int64_t numbers) {
  const int64_t padded = RoundUp(numbers, kTileDepth);
  return HasTiles() && padded * 2 <= numbers * 3 && rows * padded >= 2 * kTileDepth;
}

/** Images of a group: as many as make the best of a tile, where their pixels can lie apart without numbers between them. */
inline int64_t GroupedImages(int64_t width, int64_t channels) {
  return channels % kTileDepth == 0 ? ImagesSideBySide(width, kTileSide, 8) : 1;
}

/** Calls `run(group, first, end)` for bands of at most `most` of `rows` rows of each group, in parallel. `task` makes what runs. */
template <class MakeTask>
void RunBands(const std::vector<ImageGroup> &groups, int64_t rows, int64_t most, double operations, const MakeTask &task) {
  const int64_t count = static_cast<int64_t>(groups.size());
  const int64_t tasks = std::max<int64_t>(1, std::min({static_cast<int64_t>(operations / 4e6), count * rows, int64_t{32}}));
  ParallelFor(static_cast<int>(tasks), [&](int index) {
    const auto run = task();
    RowsOfTask(count, rows, most, index, tasks,
               [&](int64_t group, int64_t first, int64_t end) { run->Run(groups[group], first, end); });
  });
}

/** Computes bands of a convolution, on one thread. */
template <int kParts>
class ConvolutionTask {
 public:
  ConvolutionTask(const ConvolutionCall &call, const TileFilter<kParts> &filter, const TileRange &filter_range,
                  int64_t most_rows, int64_t most_images)
      : call_(call),
        filter_(filter),
        filter_range_(filter_range),
        pixels_(LayoutOf(call.shape, SeenRows(most_rows), most_images),
                kTileSide * most_images * call.shape.inputs * call.shape.stride_x + kTileDepth) {}

  void Run(const ImageGroup &group, int64_t first, int64_t end) {
    const ConvolutionShape &s = call_.shape;
    const int64_t pool = call_.pool(), rows = SeenRows(end - first);
    pixels_.Arrange(rows, group.count);
    const int64_t top = first * pool * s.stride_y - s.pad_top;
    for (int64_t image = 0; image < group.count; ++image) {
      const float *x = call_.x + (group.first + image) * s.height * s.width * s.inputs;
      for (int64_t row = 0; row < rows; ++row) {
        const bool is_inside = top + row >= 0 && top + row < s.height;
        pixels_.Write(row, image, is_inside ? x + (top + row) * s.width * s.inputs : nullptr, s.pad_left, s.width);
      }
    }
    if (!pixels_.range().AllowsProductsWith(filter_range_)) {
      return RunPlain(group, first, end);
    }
    const PixelLayout &layout = pixels_.layout();
    const int64_t y_rows = call_.y_rows(), y_columns = call_.y_columns();
    const int64_t at = (group.first * y_rows + first) * y_columns * s.outputs;
    const TileResult result{call_.y + at, y_rows * y_columns * s.outputs, y_columns * s.outputs, s.outputs, call_.bias,
                            nullptr,      call_.relu,                      call_.pooled,        call_.codes ? call_.codes + at : nullptr};
    // Neighbours are images of a group, pixels of a phase, or pixels a stride apart.
    const int64_t next_pixel = layout.phases == 1 ? s.stride_x * s.inputs : s.inputs;
    const TileBand band{pixels_.row(0), next_pixel, s.stride_y * layout.next_row(), 0, (end - first) * pool, s.out_width};
    const TileScope scope;
    ConvolveBand(pixels_, band, TapsOf(layout, s.rows, s.columns), filter_, result);
  }

 private:
  int64_t SeenRows(int64_t rows) const {
    return (rows * call_.pool() - 1) * call_.shape.stride_y + call_.shape.rows;
  }
  /** In floats, where parts of them would not do. */
  void RunPlain(const ImageGroup &group, int64_t first, int64_t end) const {
    const Scratch packed(PackedFilterSize(call_.shape.depth(), call_.shape.outputs));
    PackFilter(call_, packed.data());
    const PlainConvolution plain(call_, packed.data());
    SplitEvenly(end - first, plain.most_rows(), [&](int64_t at, int64_t count) {
      for (int64_t image = 0; image < group.count; ++image) plain.Run(group.first + image, first + at, first + at + count);
    });
  }
  static PixelLayout LayoutOf(const ConvolutionShape &s, int64_t rows, int64_t images) {
    return {rows, SeenColumns(s), images, s.inputs, images > 1 ? s.stride_x : 1};
  }

  const ConvolutionCall &call_;
  const TileFilter<kParts> &filter_;
  const TileRange &filter_range_;
  TilePixels<kParts> pixels_;
};

/** `caller` keeps the filter's tiles. */
template <int kParts>
void ConvolveByTiles(Call &caller, const ConvolutionCall &call) {
  const ConvolutionShape &s = call.shape;
  const int64_t pool = call.pool(), y_rows = call.y_rows();
  const std::vector<ImageGroup> groups = GroupsOf(s.batch, GroupedImages(s.out_width, s.inputs));
  const int64_t depth = s.columns * s.inputs;
  const size_t range_floats = 16, floats = TileFilter<kParts>::Floats(s.rows, depth, s.outputs);
  const float *const packed = caller.Packed(kParts, {1}, range_floats + floats, [&](float *to) {
    TileFilter<kParts> filled(s.rows, depth, s.outputs, to + range_floats);
    filled.Fill([&](int64_t row, int64_t d) { return call.filter + (row * depth + d) * s.outputs; }).Store(to);
  });
  const TileFilter<kParts> tiles(s.rows, depth, s.outputs, packed + range_floats);
  TileRange range;
  range.Load(packed);
  const int64_t most = std::min(y_rows, RowsInCache(SeenColumns(s) * s.inputs * s.stride_y * pool * groups[0].count));
  typedef ConvolutionTask<kParts> Task;
  RunBands(groups, y_rows, most, s.operations(),
           [&] { return std::make_unique<Task>(call, tiles, range, most, groups[0].count); });
}

}  // namespace dlctl

#endif
