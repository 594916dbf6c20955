// Rows of images as tiles read them: numbers in parts (float_parts.h), the channels of a pixel side by side, and the same pixel of
// several images side by side where those are a group.
#pragma once

#include <string.h>

#include <algorithm>

#include "convolution_shape.h"
#include "float_parts.h"
#include "tile_range.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** The first `count` of 32 numbers are real. */
__attribute__((always_inline)) inline __mmask32 FirstOf32(int64_t count) {
  return count >= 32 ? ~__mmask32{0} : static_cast<__mmask32>((uint64_t{1} << std::max<int64_t>(0, count)) - 1);
}

/** `Split` with the numbers of both vectors in their order. */
template <int kParts>
__attribute__((always_inline)) inline void SplitInOrder(__m512 first, __m512 second, __m512i (&parts)[kParts]) {
  // The upper halves of the numbers of both.
  const __m512i upper = _mm512_set_epi16(63, 61, 59, 57, 55, 53, 51, 49, 47, 45, 43, 41, 39, 37, 35, 33, 31, 29, 27, 25, 23,
                                         21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
#pragma GCC unroll 3
  for (int part = 0; part < kParts; ++part) {
    const __m512i a = part == 2 ? _mm512_castps_si512(first) : NearestBf16(first);
    const __m512i b = part == 2 ? _mm512_castps_si512(second) : NearestBf16(second);
    parts[part] = _mm512_permutex2var_epi16(a, upper, b);
    if (part + 1 == kParts) break;
    first = _mm512_sub_ps(first, _mm512_castsi512_ps(a));
    second = _mm512_sub_ps(second, _mm512_castsi512_ps(b));
  }
}

/** How the rows lie. `phases` are columns that lie apart: column c is the (c / phases)th one of phase c % phases. */
struct PixelLayout {
  int64_t rows, columns, images, channels, phases;

  int64_t phase_columns() const { return (columns + phases - 1) / phases; }
  /** Numbers from a pixel to the next one of its image, and from row to row. */
  int64_t next_pixel() const { return images * channels; }
  int64_t next_row() const { return phases * phase_columns() * next_pixel(); }
  int64_t place(int64_t column) const { return (column % phases * phase_columns() + column / phases) * next_pixel(); }
};

/** Memory for some rows. What is read behind them by a tile is 0. */
template <int kParts>
class TilePixels {
 public:
  /** For layouts no larger than this. `behind`: how many numbers may be read after the last row. */
  TilePixels(const PixelLayout &most, int64_t behind)
      : layout_(most),
        behind_(behind),
        part_(RoundUp(most.rows * most.next_row() + behind, 32)),
        memory_(kParts * part_ / 2) {}

  /** For so many rows, which must all be written then, of so many images. */
  void Arrange(int64_t rows, int64_t images) {
    layout_.rows = rows;
    layout_.images = images;
    range_.Clear();
    Clear(numbers() + rows * layout_.next_row(), behind_);
  }

  const PixelLayout &layout() const { return layout_; }
  /** From part to part. */
  size_t part_bytes() const { return part_ * sizeof(uint16_t); }
  const uint16_t *row(int64_t row) const { return numbers() + row * layout_.next_row(); }
  /** Of all that was written since they were arranged. */
  const TileRange &range() const { return range_; }

  /** Row `row` of image `image` of the group, from `width` pixels that begin `left` columns further on; null: a row of 0. */
  void Write(int64_t row, int64_t image, const float *pixels, int64_t left, int64_t width) {
    if (layout_.images == 1 && layout_.phases == 1) {
      WriteRow(row, pixels, left * layout_.channels, std::min(width, layout_.columns - left) * layout_.channels);
    } else {
      WritePixels(row, image, pixels, left, std::min(width, layout_.columns - left));
    }
  }

 private:
  uint16_t *numbers() const { return reinterpret_cast<uint16_t *>(memory_.data()); }

  void Clear(uint16_t *to, int64_t count) const {
    for (int part = 0; part < kParts; ++part) memset(to + part * part_, 0, count * sizeof(uint16_t));
  }

  void Copy(const float *from, int64_t count, uint16_t *to) {
    for (int64_t at = 0; at < count; at += 32) {
      const __mmask32 inside = FirstOf32(count - at);
      const __m512 first = _mm512_maskz_loadu_ps(static_cast<__mmask16>(inside), from + at);
      const __m512 second = _mm512_maskz_loadu_ps(static_cast<__mmask16>(inside >> 16), from + at + 16);
      range_.See(first);
      range_.See(second);
      __m512i parts[kParts];
      SplitInOrder<kParts>(first, second, parts);
      for (int part = 0; part < kParts; ++part) _mm512_mask_storeu_epi16(to + part * part_ + at, inside, parts[part]);
    }
  }

  void WriteRow(int64_t row, const float *pixels, int64_t before, int64_t inside) {
    uint16_t *to = numbers() + row * layout_.next_row();
    if (!pixels) return Clear(to, layout_.next_row());
    Clear(to, before);
    Copy(pixels, inside, to + before);
    Clear(to + before + inside, layout_.next_row() - before - inside);
  }

  void WritePixels(int64_t row, int64_t image, const float *pixels, int64_t left, int64_t width) {
    const int64_t channels = layout_.channels;
    uint16_t *to = numbers() + row * layout_.next_row() + image * channels;
    for (int64_t column = 0; column < layout_.phases * layout_.phase_columns(); ++column) {
      uint16_t *pixel = to + layout_.place(column);
      const int64_t at = column - left;
      if (pixels && at >= 0 && at < width) Copy(pixels + at * channels, channels, pixel);
      else Clear(pixel, channels);
    }
  }

  PixelLayout layout_;
  int64_t behind_, part_;
  Scratch memory_;
  TileRange range_;
};

}  // namespace dlctl

#endif
