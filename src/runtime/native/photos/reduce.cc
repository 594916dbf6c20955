#include "reduce.h"

#include <string.h>

#include <algorithm>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dlctl {
namespace {

constexpr int kHalf = 1 << (kWeightShift - 1);

uint8_t Rounded(int sum) { return static_cast<uint8_t>(std::min(std::max(sum >> kWeightShift, 0), 255)); }

/** `count` bytes of the rows' weighted sum. May read and write up to 31 bytes beyond them. */
void JoinRows(const uint8_t *const *rows, const int16_t *weights, int points, int count, uint8_t *out) {
  constexpr int kBlock = 256;
  for (int start = 0; start < count; start += kBlock) {
    const int size = std::min(kBlock, count - start);
    int sums[kBlock];
    std::fill(sums, sums + size, kHalf);
    for (int i = 0; i < points; ++i) {
      const uint8_t *row = rows[i] + start;
      const int weight = weights[i];
      for (int x = 0; x < size; ++x) sums[x] += weight * row[x];
    }
    for (int x = 0; x < size; ++x) out[start + x] = Rounded(sums[x]);
  }
}

/** The results of one row, which begins with pixel `origin` of the axis. */
void JoinColumns(const uint8_t *row, const Axis &columns, int origin, int channels, uint8_t *out) {
  for (int x = 0; x < columns.count(); ++x) {
    const uint8_t *from = row + static_cast<size_t>(columns.first[x] - origin) * channels;
    const int16_t *weights = columns.weightsOf(x);
    for (int c = 0; c < channels; ++c) {
      int sum = kHalf;
      for (int i = 0; i < columns.points; ++i) sum += weights[i] * from[i * channels + c];
      out[x * channels + c] = Rounded(sum);
    }
  }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) __m256i Rounded(__m256i a, __m256i b, __m256i c, __m256i d) {
  const __m256i ab = _mm256_packs_epi32(_mm256_srai_epi32(a, kWeightShift), _mm256_srai_epi32(b, kWeightShift));
  const __m256i cd = _mm256_packs_epi32(_mm256_srai_epi32(c, kWeightShift), _mm256_srai_epi32(d, kWeightShift));
  return _mm256_packus_epi16(ab, cd);
}

__attribute__((target("avx2"))) __m256i TwoWeights(const int16_t *weights) {
  int pair;
  memcpy(&pair, weights, sizeof(pair));
  return _mm256_set1_epi32(pair);
}

__attribute__((target("avx2"))) void JoinRowsByAvx2(const uint8_t *const *rows, const int16_t *weights, int points,
                                                    int count, uint8_t *out) {
  const __m256i zero = _mm256_setzero_si256();
  for (int x = 0; x < count; x += 32) {
    __m256i sums[4];
    for (__m256i &sum : sums) sum = _mm256_set1_epi32(kHalf);
    // The weight after the last one is 0, so that any row will do.
    for (int i = 0; i < points; i += 2) {
      const __m256i pair = TwoWeights(weights + i);
      const uint8_t *after = i + 1 < points ? rows[i + 1] : rows[i];
      const __m256i upper = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(rows[i] + x));
      const __m256i lower = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(after + x));
      const __m256i low = _mm256_unpacklo_epi8(upper, lower);
      const __m256i high = _mm256_unpackhi_epi8(upper, lower);
      sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), pair));
      sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), pair));
      sums[2] = _mm256_add_epi32(sums[2], _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), pair));
      sums[3] = _mm256_add_epi32(sums[3], _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), pair));
    }
    const __m256i result = Rounded(sums[0], sums[1], sums[2], sums[3]);
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(out + x), result);
  }
}

/** The results of two rows of three channels at once, a row in each half of the registers. May read 16 bytes beyond. */
__attribute__((target("avx2"))) void JoinColumnsOfTwo(const uint8_t *upper, const uint8_t *lower, const Axis &columns,
                                                      int origin, uint8_t *upperOut, uint8_t *lowerOut) {
  // Pairs of the same channel of two pixels, as 16 bits.
  const __m256i firstTwo = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  const __m256i nextTwo = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
  const int last = columns.count() - 1;
  const int stride = columns.stride;
  const int16_t *weights = columns.weights.data();
  for (int x = 0; x <= last; ++x, weights += stride) {
    const size_t at = static_cast<size_t>(columns.first[x] - origin) * 3;
    __m256i sum = _mm256_set1_epi32(kHalf);
    for (int i = 0; i < stride; i += kWeightGroup) {
      const __m128i above = _mm_loadu_si128(reinterpret_cast<const __m128i *>(upper + at + i * 3));
      const __m128i below = _mm_loadu_si128(reinterpret_cast<const __m128i *>(lower + at + i * 3));
      const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(above), below, 1);
      const __m256i pairs = _mm256_shuffle_epi8(both, firstTwo);
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, TwoWeights(weights + i)));
      const __m256i others = _mm256_shuffle_epi8(both, nextTwo);
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(others, TwoWeights(weights + i + 2)));
    }
    const __m256i bytes = Rounded(sum, sum, sum, sum);
    const int results[2] = {_mm256_extract_epi32(bytes, 0), _mm256_extract_epi32(bytes, 4)};
    // Four bytes are one store; the fourth is the next pixel's, or, of the last one, not ours.
    const size_t size = x < last ? 4 : 3;
    if (size == 4) {
      memcpy(upperOut + x * 3, &results[0], 4);
      memcpy(lowerOut + x * 3, &results[1], 4);
    } else {
      memcpy(upperOut + x * 3, &results[0], 3);
      memcpy(lowerOut + x * 3, &results[1], 3);
    }
  }
}

bool HasAvx2() {
  static const bool hasAvx2 = __builtin_cpu_supports("avx2");
  return hasAvx2;
}

#endif

/** One row of pixels with room at both ends, where the pixels at the edge are repeated. */
class PaddedRow {
 public:
  PaddedRow(int from, int to, int before, int after, int channels)
      : channels_(channels),
        before_(before),
        after_(after),
        width_(to - from),
        bytes_(static_cast<size_t>(before + width_ + after) * channels + kSlack) {}

  uint8_t *pixels() { return bytes_.data() + static_cast<size_t>(before_) * channels_; }
  const uint8_t *start() const { return bytes_.data(); }

  void RepeatEdges() {
    uint8_t *first = pixels();
    for (int i = 1; i <= before_; ++i) memcpy(first - static_cast<size_t>(i) * channels_, first, channels_);
    uint8_t *end = first + static_cast<size_t>(width_) * channels_;
    for (int i = 0; i < after_; ++i) memcpy(end + static_cast<size_t>(i) * channels_, end - channels_, channels_);
  }

 private:
  const int channels_, before_, after_, width_;
  std::vector<uint8_t> bytes_;
};

}  // namespace

void Reduce(const uint8_t *pixels, int width, int height, int channels, const Axis &columns, const Axis &rows,
            uint8_t *out, size_t outStride) {
  // The pixels of a row that any result takes.
  const int first = columns.first.front();
  const int end = columns.first.back() + columns.points;
  const int from = std::min(std::max(first, 0), width - 1);
  const int to = std::max(std::min(end, width), from + 1);
  const int before = std::max(from - first, 0);
  const int after = std::max(end - to, 0);
  PaddedRow upper(from, to, before, after, channels), lower(from, to, before, after, channels);
  const int origin = from - before;
  const int count = (to - from) * channels;
  std::vector<const uint8_t *> taken(rows.points);

  const auto join = [&](int y, PaddedRow &row) {
    for (int i = 0; i < rows.points; ++i) {
      const int source = std::min(std::max(rows.first[y] + i, 0), height - 1);
      taken[i] = pixels + (static_cast<size_t>(source) * width + from) * channels;
    }
#if defined(__x86_64__)
    if (HasAvx2()) {
      JoinRowsByAvx2(taken.data(), rows.weightsOf(y), rows.points, count, row.pixels());
    } else {
      JoinRows(taken.data(), rows.weightsOf(y), rows.points, count, row.pixels());
    }
#else
    JoinRows(taken.data(), rows.weightsOf(y), rows.points, count, row.pixels());
#endif
    row.RepeatEdges();
  };

  int y = 0;
#if defined(__x86_64__)
  if (channels == 3 && HasAvx2()) {
    for (; y + 2 <= rows.count(); y += 2) {
      join(y, upper);
      join(y + 1, lower);
      uint8_t *upperOut = out + y * outStride;
      JoinColumnsOfTwo(upper.start(), lower.start(), columns, origin, upperOut, upperOut + outStride);
    }
  }
#endif
  for (; y < rows.count(); ++y) {
    join(y, upper);
    JoinColumns(upper.start(), columns, origin, channels, out + y * outStride);
  }
}

}  // namespace dlctl
