// Sums of convolutions in tile registers: 16 pixels of each of two rows by 32 channels of the result. The numbers that a row of a
// window sees lie side by side, so that nothing is copied for a tap: from one to the next a tile begins further on.
#pragma once

#include <memory>
#include <vector>

#include "thread_pool.h"
#include "tile_pixels.h"
#include "tile_product.h"
#include "vector.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** What the pixels of a band see of it. */
struct TileTaps {
  /** Rows of the window, how far they lie apart in bytes, and in each where what is side by side begins, in bytes. */
  int64_t rows;
  size_t next_row;
  std::vector<size_t> runs;
  /** Blocks of 32 numbers of a run. */
  int64_t blocks;
};

/** Taps of a window of `rows` x `columns` in pixels of this layout, whose phases are the strides. */
inline TileTaps TapsOf(const PixelLayout &layout, int64_t rows, int64_t columns) {
  TileTaps taps{rows, layout.next_row() * sizeof(uint16_t), {}, 0};
  if (layout.images == 1 && layout.phases == 1) {
    taps.runs = {0};
    taps.blocks = RoundUp(columns * layout.channels, kTileDepth) / kTileDepth;
  } else {
    for (int64_t column = 0; column < columns; ++column) taps.runs.push_back(layout.place(column) * sizeof(uint16_t));
    taps.blocks = layout.channels / kTileDepth;
  }
  return taps;
}

/** A filter as tiles: 32 channels of the result, row of the window, 32 numbers of it, 16 channels, part. Pairs in their order. */
template <int kParts>
class TileFilter {
 public:
  static constexpr int64_t kOutputs = 2 * kTileSide;

  /** Rows of `depth` numbers by `outputs`; the memory is not filled. */
  TileFilter(int64_t rows, int64_t depth, int64_t outputs)
      : rows_(rows),
        depth_(depth),
        outputs_(outputs),
        blocks_(RoundUp(depth, kTileDepth) / kTileDepth),
        own_(std::make_unique<Scratch>(Floats(rows, depth, outputs))),
        memory_(own_->data()) {}
  /** In memory of `Floats` floats, aligned for vectors, which may be filled already. */
  TileFilter(int64_t rows, int64_t depth, int64_t outputs, const float *memory)
      : rows_(rows), depth_(depth), outputs_(outputs), blocks_(RoundUp(depth, kTileDepth) / kTileDepth), memory_(memory) {}

  static size_t Floats(int64_t rows, int64_t depth, int64_t outputs) {
    return rows * RoundUp(depth, kTileDepth) * RoundUp(outputs, kTileSide) * kParts / 2;
  }

  int64_t outputs() const { return outputs_; }
  /** Those that begin at `first`, a multiple of 32. */
  const uint16_t *data(int64_t first) const {
    return reinterpret_cast<const uint16_t *>(memory_) + rows_ * blocks_ * first * kTileDepth * kParts;
  }

  /** `from(row, d)` points to the `outputs` numbers of d. Returns which numbers it saw. */
  template <class From>
  TileRange Fill(const From &from) {
    const int64_t groups = RoundUp(outputs_, kOutputs) / kOutputs;
    std::vector<TileRange> seen(groups * rows_);
    const auto fill = [&](int task) {
      const int64_t first = task / rows_ * kOutputs, row = task % rows_;
      const int64_t tiles = outputs_ - first > kTileSide ? 2 : 1;
      uint16_t *to = const_cast<uint16_t *>(data(first)) + row * blocks_ * tiles * kTileNumbers * kParts;
      for (int64_t d = 0; d < blocks_ * kTileDepth; d += kTileDepth) {
        for (int64_t tile = 0; tile < tiles; ++tile, to += kTileNumbers * kParts) {
          const int64_t channel = first + tile * kTileSide;
          const __mmask16 inside = static_cast<__mmask16>(FirstOf32(std::min<int64_t>(16, outputs_ - channel)));
          const auto load = [&](int64_t at) {
            return at < depth_ ? _mm512_maskz_loadu_ps(inside, from(row, at) + channel) : _mm512_setzero_ps();
          };
          for (int64_t pair = 0; pair < kTileSide; ++pair) {
            const __m512 even = load(d + 2 * pair), odd = load(d + 2 * pair + 1);
            seen[task].See(even);
            seen[task].See(odd);
            const SplitPair<kParts> split = Split<kParts>(even, odd);
            for (int part = 0; part < kParts; ++part)
              _mm512_store_si512(to + part * kTileNumbers + pair * kTileDepth, split.parts[part]);
          }
        }
      }
    };
    if (depth_ * rows_ * outputs_ < 20000) {
      for (int64_t task = 0; task < groups * rows_; ++task) fill(task);
    } else {
      ParallelFor(static_cast<int>(groups * rows_), fill);
    }
    TileRange range;
    for (const TileRange &one : seen) range.See(one);
    return range;
  }

 private:
  int64_t rows_, depth_, outputs_, blocks_;
  std::unique_ptr<Scratch> own_;
  const float *memory_;
};

/** Sums of up to 2 rows of 16 pixels by 32 channels. */
constexpr int64_t kSumsStep = 2 * kTileSide;

struct TilePlace {
  /** Part 0 of what the first pixel sees; from part to part, from pixel to pixel and from row to row in bytes. */
  const uint16_t *x;
  size_t part_bytes, next_pixel, next_row;
};

template <int kRows, int kColumns, int kParts>
__attribute__((noinline)) void SumTaps(const TilePlace &place, const TileTaps &taps, const uint16_t *filter, float *sums) {
  typedef TileSums<kRows, kColumns> Sums;
  Sums::Clear();
  const char *row = reinterpret_cast<const char *>(place.x);
  for (int64_t tap_row = 0; tap_row < taps.rows; ++tap_row, row += taps.next_row) {
    for (const size_t run : taps.runs) {
      const char *x = row + run;
      for (int64_t block = 0; block < taps.blocks; ++block, x += kTileDepth * sizeof(uint16_t)) {
        Sums::template Add<kParts>({reinterpret_cast<const uint16_t *>(x), place.part_bytes, place.next_pixel, place.next_row},
                                   {filter, kTileNumbers * sizeof(uint16_t), kParts * kTileNumbers * sizeof(uint16_t)});
        filter += kColumns * kParts * kTileNumbers;
      }
    }
  }
  Sums::Store(sums, kSumsStep);
}

template <int kParts>
void SumTaps(const TilePlace &place, const TileTaps &taps, int64_t rows, int64_t lanes, const uint16_t *filter, float *sums) {
  if (lanes > kTileSide) {
    return rows == 2 ? SumTaps<2, 2, kParts>(place, taps, filter, sums) : SumTaps<1, 2, kParts>(place, taps, filter, sums);
  }
  return rows == 2 ? SumTaps<2, 1, kParts>(place, taps, filter, sums) : SumTaps<1, 1, kParts>(place, taps, filter, sums);
}

/** Where the results of a group's rows go, and what is done with the sums. */
struct TileResult {
  /** Of the first pixel of the first row of the first image. Distances in numbers, from one written pixel to the next. */
  float *y;
  int64_t next_image, next_row, next_column;
  /** Null: none. As many numbers as there are channels, in whole tiles. */
  const float *bias;
  /** Added where nothing is pooled: numbers that lie as those of y, or y itself. Null: none. */
  const float *added;
  bool relu;
  /** The greatest of 2 x 2 pixels, and which that was: see ConvolutionTile::codes. Null codes: not asked for. */
  bool pooled;
  uint8_t *codes;
};

/** Writes up to 32 channels of the sums of 16 neighbours, the first of which is at `position`, of up to 2 rows. */
struct TileWriter {
  const TileResult &result;
  int64_t images, positions;
  const float *sums;
  int64_t channel, lanes;

  void WritePlain(int64_t position, int64_t row, int64_t rows) const {
    const __mmask32 inside = FirstOf32(lanes);
    const __m512 bias[2] = {Bias(0), Bias(1)};
    const int64_t count = std::min<int64_t>(kTileSide, positions - position);
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t p = 0; p < count; ++p) {
        const float *from = sums + (r * kTileSide + p) * kSumsStep;
        const int64_t at = Place(position + p, row + r);
        PutSum(at, static_cast<__mmask16>(inside), Add(from, bias[0]));
        if (lanes > kTileSide) PutSum(at + kTileSide, static_cast<__mmask16>(inside >> 16), Add(from + kTileSide, bias[1]));
      }
    }
  }

  /** `row` is that of the result. A window's columns are `images` neighbours apart. */
  void WritePooled(int64_t position, int64_t row) const {
    const __mmask32 inside = FirstOf32(lanes);
    const __m512 zero = _mm512_setzero_ps();
    const int64_t count = std::min<int64_t>(kTileSide, positions - position) / 2;
    for (int64_t vector = 0; vector * kTileSide < lanes; ++vector) {
      const __mmask16 own = static_cast<__mmask16>(inside >> (16 * vector));
      const __m512 bias = Bias(vector);
      for (int64_t w = 0; w < count; ++w) {
        const float *window = sums + (w / images * 2 * images + w % images) * kSumsStep + vector * kTileSide;
        __m512 most = Add(window, bias);
        __m512i code = _mm512_setzero_si512();
        for (int pixel = 1; pixel < 4; ++pixel) {
          const __m512 next = Add(window + (pixel / 2 * kTileSide + pixel % 2 * images) * kSumsStep, bias);
          // The first of equal ones counts, as in TensorFlow.
          const __mmask16 is_greater = _mm512_cmp_ps_mask(next, most, _CMP_GT_OQ);
          most = _mm512_mask_mov_ps(most, is_greater, next);
          code = _mm512_mask_mov_epi32(code, is_greater, _mm512_set1_epi32(pixel));
        }
        const int64_t at = Place(position / 2 + w, row) + vector * kTileSide;
        Put(result.y + at, own, most);
        if (!result.codes) continue;
        const __mmask16 is_off = ~_mm512_cmp_ps_mask(most, zero, _CMP_GT_OQ);
        code = _mm512_mask_mov_epi32(code, is_off, _mm512_set1_epi32(4));
        _mm512_mask_cvtepi32_storeu_epi8(result.codes + at, own, code);
      }
    }
  }

 private:
  /** Of a neighbour, in the result. */
  int64_t Place(int64_t position, int64_t row) const {
    return position % images * result.next_image + position / images * result.next_column + row * result.next_row + channel;
  }
  __m512 Bias(int64_t vector) const {
    if (!result.bias || vector * kTileSide >= lanes) return _mm512_setzero_ps();
    return _mm512_loadu_ps(result.bias + channel + vector * kTileSide);
  }
  static __m512 Add(const float *from, __m512 bias) { return _mm512_add_ps(_mm512_loadu_ps(from), bias); }
  void PutSum(int64_t at, __mmask16 inside, __m512 value) const {
    if (result.added) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(inside, result.added + at));
    Put(result.y + at, inside, value);
  }
  void Put(float *to, __mmask16 inside, __m512 value) const {
    const __m512 zero = _mm512_setzero_ps();
    // What is not a number stays so.
    if (result.relu) value = _mm512_mask_mov_ps(value, _mm512_cmp_ps_mask(value, zero, _CMP_LT_OQ), zero);
    _mm512_mask_storeu_ps(to, inside, value);
  }
};

/** The sums of rows [first, end) of a band and of `columns` pixels of each image; the band's row 0 is seen first by row 0. */
struct TileBand {
  /** Part 0 of what the first pixel of row 0 sees. From pixel to pixel and row to row, in numbers. */
  const uint16_t *x;
  int64_t next_pixel, next_row;
  int64_t first, end, columns;
};

template <int kParts>
void ConvolveBand(const TilePixels<kParts> &pixels, const TileBand &band, const TileTaps &taps, const TileFilter<kParts> &filter,
                  const TileResult &result) {
  alignas(64) float sums[2 * kTileSide * kSumsStep];
  const int64_t images = pixels.layout().images, positions = band.columns * images;
  for (int64_t channel = 0; channel < filter.outputs(); channel += kSumsStep) {
    const int64_t lanes = std::min<int64_t>(kSumsStep, filter.outputs() - channel);
    const TileWriter writer{result, images, positions, sums, channel, lanes};
    for (int64_t row = band.first; row < band.end; row += 2) {
      const int64_t rows = std::min<int64_t>(2, band.end - row);
      for (int64_t position = 0; position < positions; position += kTileSide) {
        const TilePlace place{band.x + row * band.next_row + position * band.next_pixel, pixels.part_bytes(),
                              band.next_pixel * sizeof(uint16_t), band.next_row * sizeof(uint16_t)};
        SumTaps<kParts>(place, taps, rows, lanes, filter.data(channel), sums);
        if (result.pooled) writer.WritePooled(position, row / 2);
        else writer.WritePlain(position, row, rows);
      }
    }
  }
}

}  // namespace dlctl

#endif
