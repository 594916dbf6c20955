// Rows of images as tiles read them where sums run over pixels and windows move over them: numbers in parts, of each column the same channel
// of two images side by side. However far a window moves, its tile begins at a cache line.
#pragma once

#include "tile_pixels.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** Rows of a group's images, 16 channels by 16 channels, of each column all pairs of images; the columns of a stride's phase lie apart. */
template <int kParts>
class PixelPairs {
 public:
  /** For up to `most.rows` rows of `most.images` images, an even number, of `most.channels` channels. */
  explicit PixelPairs(const PixelLayout &most)
      : layout_(most), part_(Tiles() * TileSize() + kTileNumbers), memory_(kParts * part_ / 2) {}

  /** For so many rows, which must all be written then, of so many images, an even number. */
  void Arrange(int64_t rows, int64_t images) {
    layout_.rows = rows;
    layout_.images = images;
    range_.Clear();
    // What a tile reads behind the last row is multiplied by 0.
    for (int part = 0; part < kParts; ++part) memset(numbers() + part * part_ + Tiles() * TileSize(), 0, kTileNumbers * sizeof(uint16_t));
  }

  /** Row `row` of images `2 pair` and `2 pair + 1`: `width` pixels of each, the first of which is `left` columns further on; null: 0. */
  void Write(int64_t row, int64_t pair, const float *first, const float *second, int64_t next_pixel, int64_t left, int64_t width) {
    for (int64_t column = 0; column < layout_.phases * layout_.phase_columns(); ++column) {
      const int64_t at = column - left;
      const bool is_inside = at >= 0 && at < width && column < layout_.columns;
      const float *const a = is_inside && first ? first + at * next_pixel : nullptr;
      const float *const b = is_inside && second ? second + at * next_pixel : nullptr;
      uint16_t *to = numbers() + PlaceOf(row, column) + pair * kTileDepth;
      for (int64_t channel = 0; channel < layout_.channels; channel += kTileSide, to += TileSize()) {
        const __mmask16 inside = static_cast<__mmask16>(FirstOf32(std::min<int64_t>(kTileSide, layout_.channels - channel)));
        const __m512 even = a ? _mm512_maskz_loadu_ps(inside, a + channel) : _mm512_setzero_ps();
        const __m512 odd = b ? _mm512_maskz_loadu_ps(inside, b + channel) : _mm512_setzero_ps();
        range_.See(even);
        range_.See(odd);
        const SplitPair<kParts> split = Split<kParts>(even, odd);
        for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * part_, split.parts[part]);
      }
    }
  }

  const TileRange &range() const { return range_; }
  int64_t Tiles() const { return RoundUp(layout_.channels, kTileSide) / kTileSide; }
  /** What 16 channels see at a tap that begins at `column` of `row`; how far it is to their next row and part, in numbers. */
  const uint16_t *Place(int64_t tile, int64_t row, int64_t column) const {
    return numbers() + tile * TileSize() + PlaceOf(row, column);
  }
  int64_t next_row() const { return layout_.phases * layout_.phase_columns() * layout_.images / 2 * kTileDepth; }
  int64_t part() const { return part_; }

 private:
  int64_t TileSize() const { return layout_.rows * next_row(); }
  int64_t PlaceOf(int64_t row, int64_t column) const {
    const int64_t in_row = column % layout_.phases * layout_.phase_columns() + column / layout_.phases;
    return row * next_row() + in_row * layout_.images / 2 * kTileDepth;
  }
  uint16_t *numbers() const { return reinterpret_cast<uint16_t *>(memory_.data()); }

  PixelLayout layout_;
  int64_t part_;
  Scratch memory_;
  TileRange range_;
};

}  // namespace dlctl

#endif
