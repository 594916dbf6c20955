// Rows of images as tiles read them where sums run over pixels: numbers in parts, the pixels of a channel side by side.
#pragma once

#include <vector>

#include "tile_pixels.h"
#include "transpose.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** Rows of a group's images, channel by channel: its pixels, of each column all images, the columns of a stride's phase apart. */
template <int kParts>
class ChannelPlanes {
 public:
  /** For up to `most.rows` rows of `most.images` images of `most.channels` channels. */
  explicit ChannelPlanes(const PixelLayout &most)
      : layout_(most), part_(RoundUp(Tiles() * kTileSide * Step() + kBehind, 32)), memory_(kParts * part_ / 2) {}

  /** For so many rows of so many images, all of 0 until they are set. */
  void Arrange(int64_t rows, int64_t images) {
    layout_.rows = rows;
    layout_.images = images;
    range_.Clear();
    places_.assign(Step(), nullptr);
    for (int part = 0; part < kParts; ++part)
      memset(numbers() + part * part_ + Tiles() * kTileSide * Step(), 0, kBehind * sizeof(uint16_t));
  }

  /** Row `row` of an image of the group: `width` pixels, the first of which is `left` columns further on. */
  void Set(int64_t row, int64_t image, const float *pixels, int64_t next_pixel, int64_t left, int64_t width) {
    for (int64_t column = left; column < std::min(layout_.columns, left + width); ++column)
      places_[PlaceOf(row, column) + image] = pixels + (column - left) * next_pixel;
  }

  /** Splits what was set. */
  void Split() {
    for (int64_t place = 0; place < Step(); place += kTileDepth)
      for (int64_t tile = 0; tile < Tiles(); ++tile) SplitBlock(tile * kTileSide, place);
  }

  const TileRange &range() const { return range_; }
  int64_t Tiles() const { return RoundUp(layout_.channels, kTileSide) / kTileSide; }
  /** What 16 channels see at a tap that begins at `column` of `row`; how far it is to their next row and part, in numbers. */
  const uint16_t *Place(int64_t tile, int64_t row, int64_t column) const {
    return numbers() + tile * kTileSide * Step() + PlaceOf(row, column);
  }
  int64_t next_row() const { return layout_.phases * layout_.phase_columns() * layout_.images; }
  int64_t part() const { return part_; }

  /** From channel to channel: an odd number of cache lines, so that those of 16 channels lie in different sets of the cache. */
  int64_t Step() const { return (RoundUp(layout_.rows * next_row(), kTileDepth) / kTileDepth | 1) * kTileDepth; }

 private:
  static constexpr int64_t kBehind = 2 * kTileDepth;

  int64_t PlaceOf(int64_t row, int64_t column) const {
    const int64_t in_row = column % layout_.phases * layout_.phase_columns() + column / layout_.phases;
    return row * next_row() + in_row * layout_.images;
  }
  uint16_t *numbers() const { return reinterpret_cast<uint16_t *>(memory_.data()); }

  void SplitBlock(int64_t channel, int64_t place) {
    const __mmask16 inside = static_cast<__mmask16>(FirstOf32(std::min<int64_t>(kTileSide, layout_.channels - channel)));
    __m512i even[16], odd[16];
    const auto load = [&](int64_t at) {
      const float *from = places_[place + at];
      const __m512 values = from ? _mm512_maskz_loadu_ps(inside, from + channel) : _mm512_setzero_ps();
      range_.See(values);
      return _mm512_castps_si512(values);
    };
    for (int64_t pair = 0; pair < 16; ++pair) {
      even[pair] = load(2 * pair);
      odd[pair] = load(2 * pair + 1);
    }
    Transpose(even);
    Transpose(odd);
    const int64_t step = Step();
    uint16_t *to = numbers() + channel * step + place;
    for (int c = 0; c < kTileSide; ++c, to += step) {
      const SplitPair<kParts> split = dlctl::Split<kParts>(_mm512_castsi512_ps(even[c]), _mm512_castsi512_ps(odd[c]));
      for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * part_, split.parts[part]);
    }
  }

  PixelLayout layout_;
  int64_t part_;
  Scratch memory_;
  std::vector<const float *> places_;
  TileRange range_;
};

}  // namespace dlctl

#endif
