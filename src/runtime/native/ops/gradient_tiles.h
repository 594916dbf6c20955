// Rows of a gradient as tiles read them where sums run over pixels: numbers in parts, the two pixels of a pair side by side.
#pragma once

#include "tile_pixels.h"
#include "tile_product.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** The gradient of rows of the result as tiles: 32 channels, row, 32 pixels of a group's row, 16 channels, part. */
template <int kParts>
class GradientTiles {
 public:
  GradientTiles(int64_t most_rows, int64_t most_pixels, int64_t channels)
      : channels_(channels), memory_(most_rows * RoundUp(most_pixels, kTileDepth) * RoundUp(channels, kTileSide) * kParts / 2) {}

  void Arrange(int64_t rows, int64_t pixels) {
    rows_ = rows;
    blocks_ = RoundUp(pixels, kTileDepth) / kTileDepth;
    range_.Clear();
  }

  const TileRange &range() const { return range_; }
  int64_t blocks() const { return blocks_; }
  static constexpr size_t kBytes = kParts * kTileNumbers * sizeof(uint16_t);

  /** Row `row` from a pointer to each pixel, null for none; they are as many as fit in the blocks. Adds to the bias's gradient. */
  void Write(int64_t row, const float *const *pixels, float *bias) {
    for (int64_t channel = 0; channel < channels_; channel += kTileSide) {
      const int64_t lanes = std::min<int64_t>(kTileSide, channels_ - channel);
      const __mmask16 inside = static_cast<__mmask16>(FirstOf32(lanes));
      __m512 sum = _mm512_loadu_ps(bias + channel);
      for (int64_t block = 0; block < blocks_; ++block) {
        uint16_t *to = const_cast<uint16_t *>(Tile(channel, row, block));
        for (int64_t pair = 0; pair < kTileSide; ++pair) {
          const auto load = [&](const float *from) {
            return from ? _mm512_maskz_loadu_ps(inside, from + channel) : _mm512_setzero_ps();
          };
          const __m512 even = load(pixels[block * kTileDepth + 2 * pair]), odd = load(pixels[block * kTileDepth + 2 * pair + 1]);
          range_.See(even);
          range_.See(odd);
          sum = _mm512_add_ps(sum, _mm512_add_ps(even, odd));
          const SplitPair<kParts> split = Split<kParts>(even, odd);
          for (int part = 0; part < kParts; ++part)
            _mm512_store_si512(to + part * kTileNumbers + pair * kTileDepth, split.parts[part]);
        }
      }
      _mm512_storeu_ps(bias + channel, sum);
    }
  }

  TileColumns Columns(int64_t channel, int64_t row, int64_t block) const {
    return {Tile(channel, row, block), kTileNumbers * sizeof(uint16_t), kBytes};
  }

 private:
  const uint16_t *Tile(int64_t channel, int64_t row, int64_t block) const {
    const int64_t first = channel / (2 * kTileSide) * 2 * kTileSide;
    const int64_t tiles = RoundUp(channels_, kTileSide) - first > kTileSide ? 2 : 1;
    const int64_t before = rows_ * blocks_ * (first / kTileSide);
    const int64_t tile = before + (row * blocks_ + block) * tiles + (channel - first) / kTileSide;
    return reinterpret_cast<const uint16_t *>(memory_.data()) + tile * kParts * kTileNumbers;
  }

  int64_t channels_, rows_ = 0, blocks_ = 0;
  Scratch memory_;
  TileRange range_;
};

}  // namespace dlctl

#endif
