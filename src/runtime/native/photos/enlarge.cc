#include "enlarge.h"

#include <string.h>

#include <algorithm>
#include <vector>

#include "reduce.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dlctl {
namespace {

constexpr int kPoints = 4;
constexpr int kHalf = 1 << (kWeightShift - 1);

/** The results of one row, which begins with the first pixel that any of them takes. */
void JoinColumns(const uint8_t *row, const Axis &columns, int channels, int16_t *out) {
  const int origin = columns.first.front();
  for (int x = 0; x < columns.count(); ++x) {
    const uint8_t *from = row + static_cast<size_t>(columns.first[x] - origin) * channels;
    const int16_t *weights = columns.weightsOf(x);
    for (int c = 0; c < channels; ++c) {
      int sum = kHalf;
      for (int i = 0; i < kPoints; ++i) sum += weights[i] * from[i * channels + c];
      out[x * channels + c] = static_cast<int16_t>(sum >> kWeightShift);
    }
  }
}

void JoinRows(const int16_t *const *rows, const int16_t *weights, int count, uint8_t *out) {
  for (int x = 0; x < count; ++x) {
    const int sum = weights[0] * rows[0][x] + weights[1] * rows[1][x] + weights[2] * rows[2][x] + weights[3] * rows[3][x];
    out[x] = static_cast<uint8_t>(std::min(std::max((sum + kHalf) >> kWeightShift, 0), 255));
  }
}

#if defined(__x86_64__)

/** Of three channels. May read 4 bytes and write 2 numbers beyond. */
__attribute__((target("avx2"))) void JoinColumnsByAvx2(const uint8_t *row, const Axis &columns, int16_t *out) {
  // Pairs of the same channel of two pixels, as 16 bits: of the first two in one half of a register, the next two in the other.
  const __m256i pairs = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                         6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m128i half = _mm_set1_epi32(kHalf);
  const int origin = columns.first.front();
  const int count = columns.count();
  for (int x = 0; x < count; ++x) {
    const uint8_t *from = row + static_cast<size_t>(columns.first[x] - origin) * 3;
    const __m256i pixels = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i *>(from)));
    const __m128i weights = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(columns.weightsOf(x)));
    const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_shuffle_epi32(weights, 0x00)),
                                                 _mm_shuffle_epi32(weights, 0x55), 1);
    const __m256i products = _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, pairs), both);
    const __m128i sum = _mm_add_epi32(_mm_add_epi32(_mm256_castsi256_si128(products), half),
                                      _mm256_extracti128_si256(products, 1));
    const __m128i result = _mm_srai_epi32(sum, kWeightShift);
    _mm_storel_epi64(reinterpret_cast<__m128i *>(out + 3 * x), _mm_packs_epi32(result, result));
  }
}

/** May read and write up to 15 numbers beyond. */
__attribute__((target("avx2"))) void JoinRowsByAvx2(const int16_t *const *rows, const int16_t *weights, int count,
                                                    uint8_t *out) {
  const auto load = [&](int row, int x) __attribute__((target("avx2"))) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(rows[row] + x));
  };
  int pairs[2];
  memcpy(pairs, weights, sizeof(pairs));
  const __m256i upper = _mm256_set1_epi32(pairs[0]);
  const __m256i lower = _mm256_set1_epi32(pairs[1]);
  const __m256i half = _mm256_set1_epi32(kHalf);
  for (int x = 0; x < count; x += 16) {
    const __m256i first = load(0, x), second = load(1, x), third = load(2, x), fourth = load(3, x);
    __m256i low = _mm256_add_epi32(half, _mm256_madd_epi16(_mm256_unpacklo_epi16(first, second), upper));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_unpacklo_epi16(third, fourth), lower));
    __m256i high = _mm256_add_epi32(half, _mm256_madd_epi16(_mm256_unpackhi_epi16(first, second), upper));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_unpackhi_epi16(third, fourth), lower));
    const __m256i words =
        _mm256_packs_epi32(_mm256_srai_epi32(low, kWeightShift), _mm256_srai_epi32(high, kWeightShift));
    const __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    if (x + 16 <= count) {
      _mm_storeu_si128(reinterpret_cast<__m128i *>(out + x), bytes);
    } else {
      uint8_t rest[16];
      _mm_storeu_si128(reinterpret_cast<__m128i *>(rest), bytes);
      memcpy(out + x, rest, count - x);
    }
  }
}

#endif

}  // namespace

void Enlarge(const uint8_t *pixels, int width, int height, int channels, const Axis &columns, const Axis &rows,
             uint8_t *out, size_t outStride) {
#if defined(__x86_64__)
  const bool hasAvx2 = __builtin_cpu_supports("avx2");
#else
  const bool hasAvx2 = false;
#endif
  const int first = columns.first.front();
  const int taken = columns.first.back() + kPoints - first;
  std::vector<uint8_t> padded(static_cast<size_t>(taken) * channels + kSlack);
  const int count = columns.count() * channels;
  const size_t stride = count + kSlack;
  // The rows that were made last, each at its number modulo four.
  std::vector<int16_t> made(stride * kPoints);
  int madeRows[kPoints] = {-1, -1, -1, -1};

  const auto row = [&](int source) {
    source = std::min(std::max(source, 0), height - 1);
    int16_t *result = made.data() + (source % kPoints) * stride;
    if (madeRows[source % kPoints] == source) return result;
    madeRows[source % kPoints] = source;
    const uint8_t *from = pixels + static_cast<size_t>(source) * width * channels;
    // The pixels at the edges are repeated beyond them.
    const int start = std::min(std::max(first, 0), width - 1);
    const int end = std::max(std::min(first + taken, width), start + 1);
    uint8_t *to = padded.data();
    for (int i = first; i < start; ++i, to += channels) memcpy(to, from + start * channels, channels);
    memcpy(to, from + start * channels, static_cast<size_t>(end - start) * channels);
    to += static_cast<size_t>(end - start) * channels;
    for (int i = end; i < first + taken; ++i, to += channels) memcpy(to, from + (end - 1) * channels, channels);
#if defined(__x86_64__)
    if (hasAvx2 && channels == 3) {
      JoinColumnsByAvx2(padded.data(), columns, result);
      return result;
    }
#endif
    JoinColumns(padded.data(), columns, channels, result);
    return result;
  };

  for (int y = 0; y < rows.count(); ++y) {
    const int16_t *four[kPoints];
    for (int i = 0; i < kPoints; ++i) four[i] = row(rows.first[y] + i);
#if defined(__x86_64__)
    if (hasAvx2) {
      JoinRowsByAvx2(four, rows.weightsOf(y), count, out + y * outStride);
      continue;
    }
#endif
    JoinRows(four, rows.weightsOf(y), count, out + y * outStride);
  }
}

}  // namespace dlctl
