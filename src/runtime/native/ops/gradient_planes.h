// A result's gradient as tiles read it where sums run over pixels: numbers in parts, the pixels of a channel side by side.
#pragma once

#include "tile_pixels.h"
#include "transpose.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** Rows of a group's images, channel by channel: its pixels row by row, each row padded to whole blocks of 32. */
template <int kParts>
class GradientPlanes {
 public:
  GradientPlanes(int64_t most_rows, int64_t most_pixels, int64_t channels)
      : channels_(channels), part_(RoundUp(channels, kTileSide) * Step(most_rows * Blocks(most_pixels))), memory_(kParts * part_ / 2) {}

  /** For so many rows of so many pixels. */
  void Arrange(int64_t rows, int64_t pixels) {
    blocks_ = Blocks(pixels);
    step_ = Step(rows * blocks_);
    range_.Clear();
  }

  const TileRange &range() const { return range_; }
  /** Of a row. */
  int64_t blocks() const { return blocks_; }

  /** Row `row` from a pointer to each pixel, null for none; they are as many as fit in the blocks. Adds to the bias's gradient. */
  void Write(int64_t row, const float *const *pixels, float *bias) {
    for (int64_t block = 0; block < blocks_; ++block)
      for (int64_t channel = 0; channel < channels_; channel += kTileSide)
        WriteBlock(pixels + block * kTileDepth, channel, Place(channel, row, block), bias);
  }

  /** 16 or 32 channels of 32 pixels. */
  TileRows Rows(int64_t channel, int64_t row, int64_t block) const {
    return {Place(channel, row, block), part_ * sizeof(uint16_t), step_ * sizeof(uint16_t), kTileSide * step_ * sizeof(uint16_t)};
  }

 private:
  static int64_t Blocks(int64_t pixels) { return RoundUp(pixels, kTileDepth) / kTileDepth; }
  /** From channel to channel: an odd number of cache lines, so that those of 16 channels lie in different sets of the cache. */
  static int64_t Step(int64_t blocks) { return (blocks | 1) * kTileDepth; }

  uint16_t *Place(int64_t channel, int64_t row, int64_t block) const {
    return reinterpret_cast<uint16_t *>(memory_.data()) + channel * step_ + (row * blocks_ + block) * kTileDepth;
  }

  void WriteBlock(const float *const *pixels, int64_t channel, uint16_t *to, float *bias) {
    const __mmask16 inside = static_cast<__mmask16>(FirstOf32(std::min<int64_t>(kTileSide, channels_ - channel)));
    __m512i even[16], odd[16];
    __m512 sum = _mm512_loadu_ps(bias + channel);
    const auto load = [&](const float *from) {
      const __m512 values = from ? _mm512_maskz_loadu_ps(inside, from + channel) : _mm512_setzero_ps();
      range_.See(values);
      return values;
    };
    for (int64_t pair = 0; pair < 16; ++pair) {
      const __m512 first = load(pixels[2 * pair]), second = load(pixels[2 * pair + 1]);
      sum = _mm512_add_ps(sum, _mm512_add_ps(first, second));
      even[pair] = _mm512_castps_si512(first);
      odd[pair] = _mm512_castps_si512(second);
    }
    _mm512_storeu_ps(bias + channel, sum);
    Transpose(even);
    Transpose(odd);
    for (int c = 0; c < kTileSide; ++c, to += step_) {
      const SplitPair<kParts> split = Split<kParts>(_mm512_castsi512_ps(even[c]), _mm512_castsi512_ps(odd[c]));
      for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * part_, split.parts[part]);
    }
  }

  int64_t channels_, part_, blocks_ = 0, step_ = 0;
  Scratch memory_;
  TileRange range_;
};

}  // namespace dlctl

#endif
