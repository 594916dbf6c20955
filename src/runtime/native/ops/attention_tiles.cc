#include "attention_tiles.h"

#if defined(DLCTL_AMX)

#include <float.h>

namespace dlctl {
namespace {

constexpr int64_t kBlock = kTileDepth;
/** Numbers of a block of scores. */
constexpr int64_t kBlockSize = kBlock * kBlock;

int64_t Blocks(int64_t count, int64_t of) { return (count + of - 1) / of; }

__mmask16 MaskOf(int64_t count) {
  return count >= kTileSide ? 0xffff : count <= 0 ? 0 : static_cast<__mmask16>((1 << count) - 1);
}

/** e^x for x <= 0, within 2 units in the last place; a real 0 below -87. What is no number stays so. */
__attribute__((always_inline)) inline __m512 Share(__m512 x) {
  const __mmask16 is_seen = _mm512_cmp_ps_mask(x, _mm512_set1_ps(-87.0f), _CMP_NLT_UQ);
  // Adding 1.5 * 2^23 rounds to whole numbers.
  const __m512 magic = _mm512_set1_ps(12582912.0f);
  const __m512 whole = _mm512_sub_ps(_mm512_fmadd_ps(x, _mm512_set1_ps(1.44269504f), magic), magic);
  const __m512 near = _mm512_fnmadd_ps(whole, _mm512_set1_ps(0.693145752f), x);
  const __m512 rest = _mm512_fnmadd_ps(whole, _mm512_set1_ps(1.42860677e-6f), near);
  // 1 + r + r^2 q(r), q interpolated where |r| <= ln(2) / 2: within 1e-8 of e^r.
  __m512 sum = _mm512_set1_ps(0.00139261761f);
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(0.00836317307f));
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(0.0416665547f));
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(0.166665770f));
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(0.5f));
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1.0f));
  sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1.0f));
  return _mm512_maskz_scalef_ps(is_seen, sum, whole);
}

/** Pairs of rows k and k + 16 of 16 columns, as a right side. */
template <int kParts>
void SplitPairs(const float *rows, int64_t step, uint16_t *tiles) {
  for (int k = 0; k < kTileSide; ++k)
    StorePairs<kParts>(tiles, k, VectorParts<kParts>(_mm512_loadu_ps(rows + k * step)),
                       VectorParts<kParts>(_mm512_loadu_ps(rows + (kTileSide + k) * step)));
}

void CopyRow(float *to, const float *from, int64_t width) {
  for (int64_t at = 0; at < width; at += kTileSide)
    _mm512_mask_storeu_ps(to + at, MaskOf(width - at), _mm512_load_ps(from + at));
}

/** sums [16 tiles, 32 queries] = left [16 tiles, keys] right [keys, 32 queries], for the first `blocks` of the keys. */
template <int kParts>
void SumOverKeys(const uint16_t *left, int64_t tiles, int64_t key_blocks, const uint16_t *right, int64_t blocks,
                 float *sums) {
  const size_t left_step = key_blocks * kParts * kTileNumbers;
  const auto sum = [&](auto rows, int64_t tile) {
    typedef TileSums<decltype(rows)::value, 2> Sums;
    Sums::Clear();
    for (int64_t block = 0; block < blocks; ++block) {
      const uint16_t *const from = left + tile * left_step + block * kParts * kTileNumbers;
      Sums::template Add<kParts>({from, kTileBytes, kTileRowBytes, left_step * sizeof(uint16_t)},
                                 {right + 2 * block * kParts * kTileNumbers, kTileBytes, kParts * kTileBytes});
    }
    Sums::Store(sums + tile * kTileSide * kBlock, kBlock);
  };
  int64_t tile = 0;
  for (; tile + 2 <= tiles; tile += 2) sum(std::integral_constant<int, 2>(), tile);
  if (tile < tiles) sum(std::integral_constant<int, 1>(), tile);
}

/** sums [32 keys, 16 tiles] += left [32 keys, 32 queries] right [32 queries, 16 tiles]. */
template <int kParts>
void AddOverQueries(const uint16_t *left, const uint16_t *right, int64_t tiles, float *sums) {
  const int64_t step = tiles * kTileSide;
  const auto add = [&](auto columns, int64_t tile) {
    typedef TileSums<2, decltype(columns)::value> Sums;
    float *const to = sums + tile * kTileSide;
    Sums::Load(to, step);
    Sums::template Add<kParts>({left, kTileBytes, kTileRowBytes, kParts * kTileBytes},
                               {right + tile * kParts * kTileNumbers, kTileBytes, kParts * kTileBytes});
    Sums::Store(to, step);
  };
  int64_t tile = 0;
  for (; tile + 2 <= tiles; tile += 2) add(std::integral_constant<int, 2>(), tile);
  if (tile < tiles) add(std::integral_constant<int, 1>(), tile);
}

}  // namespace

template <int kParts>
AttentionTiles<kParts>::AttentionTiles(const AttentionSizes &sizes)
    : sizes_(sizes),
      key_blocks_(Blocks(sizes.keys, kBlock)),
      key_tiles_(Blocks(sizes.width, kTileSide)),
      value_tiles_(Blocks(sizes.value_width, kTileSide)),
      scale_(1 / sqrtf(static_cast<float>(sizes.width))),
      scores_of_(sizes.width),
      slopes_of_(sizes.value_width),
      rows_(kBlock * std::max(scores_of_.PaddedDepth(), slopes_of_.PaddedDepth())),
      rows_step_(std::max(scores_of_.PaddedDepth(), slopes_of_.PaddedDepth())),
      key_bias_(key_blocks_ * kBlock, -1e30f),
      keys_(2 * key_blocks_ * scores_of_.LeftSize()),
      keys_across_(key_tiles_ * key_blocks_ * kParts * kTileNumbers),
      values_(2 * key_blocks_ * slopes_of_.LeftSize()),
      values_across_(value_tiles_ * key_blocks_ * kParts * kTileNumbers),
      queries_across_(2 * scores_of_.RightSize()),
      queries_(key_tiles_ * kParts * kTileNumbers),
      gradients_across_(2 * slopes_of_.RightSize()),
      gradients_(value_tiles_ * kParts * kTileNumbers),
      share_rows_(2 * kParts * kTileNumbers),
      slope_rows_(2 * kParts * kTileNumbers),
      across_(2 * key_blocks_ * kParts * kTileNumbers),
      scores_(key_blocks_ * kBlockSize),
      slopes_(kBlockSize),
      factors_(kBlockSize),
      sums_(std::max(key_tiles_, value_tiles_) * kTileSide * kBlock),
      key_sums_(key_blocks_ * kBlock * key_tiles_ * kTileSide),
      value_sums_(key_blocks_ * kBlock * value_tiles_ * kTileSide) {}

template <int kParts>
void AttentionTiles<kParts>::Forward(const HeadInputs &in, float *output, float *statistics) {
  TakeKeys(in, false);
  for (int64_t first = 0; first < sizes_.queries; first += kBlock) {
    const int64_t blocks = SeenBlocks(in, first);
    TakeQueries(in, first, false);
    for (int64_t block = 0; block < blocks; ++block) Score(block, first, scores_.data() + block * kBlockSize);
    ShareOut(in, first, blocks);
    SumOverKeys<kParts>(values_across_.data(), value_tiles_, key_blocks_, across_.data(), blocks, sums_.data());
    WriteQueries(in, {output, sizes_.queries, sizes_.output_step, sizes_.value_width, 1, false}, first, inverse_);
    for (int64_t query = 0; query < std::min(kBlock, sizes_.queries - first); ++query) {
      statistics[2 * (first + query)] = highest_[query];
      statistics[2 * (first + query) + 1] = inverse_[query];
    }
  }
}

template <int kParts>
void AttentionTiles<kParts>::Backward(const HeadInputs &in, const float *output, const float *statistics,
                                      const float *output_gradient, float *query_gradient, float *key_gradient,
                                      float *value_gradient) {
  const int64_t key_step = key_tiles_ * kTileSide, value_step = value_tiles_ * kTileSide;
  alignas(64) float scales[kBlock];
  std::fill(scales, scales + kBlock, scale_);
  TakeKeys(in, true);
  memset(key_sums_.data(), 0, key_blocks_ * kBlock * key_step * sizeof(float));
  memset(value_sums_.data(), 0, key_blocks_ * kBlock * value_step * sizeof(float));
  for (int64_t first = 0; first < sizes_.queries; first += kBlock) {
    TakeQueries(in, first, true);
    TakeGradients(in, output, output_gradient, first);
    TakeStatistics(statistics, first);
    const int64_t blocks = SeenBlocks(in, first);
    for (int64_t block = 0; block < blocks; ++block) {
      slopes_of_.Multiply(values_.data() + 2 * block * slopes_of_.LeftSize(), gradients_across_.data(), slopes_.data());
      Score(block, first, scores_.data());
      SlopesOfScores(in, block, first);
      AddOverQueries<kParts>(share_rows_.data(), gradients_.data(), value_tiles_,
                             value_sums_.data() + block * kBlock * value_step);
      AddOverQueries<kParts>(slope_rows_.data(), queries_.data(), key_tiles_,
                             key_sums_.data() + block * kBlock * key_step);
    }
    SumOverKeys<kParts>(keys_across_.data(), key_tiles_, key_blocks_, across_.data(), blocks, sums_.data());
    WriteQueries(in, {query_gradient, sizes_.queries, sizes_.query_step, sizes_.width, 1, true}, first, scales);
  }
  for (int64_t key = 0; key < sizes_.keys; ++key) {
    float *const sums = key_sums_.data() + key * key_step;
    TurnStep(in, sizes_.width, sums, key, -1);
    CopyRow(key_gradient + key * sizes_.key_step, sums, sizes_.width);
    CopyRow(value_gradient + key * sizes_.value_step, value_sums_.data() + key * value_step, sizes_.value_width);
  }
}

/** Blocks of keys that 32 queries from `first` on may see. A query that sees nothing but padding shares among later steps, too. */
template <int kParts>
int64_t AttentionTiles<kParts>::SeenBlocks(const HeadInputs &in, int64_t first) const {
  return sizes_.is_causal && !in.padding ? std::min(first / kBlock + 1, key_blocks_) : key_blocks_;
}

/** 32 rows from `first` on, into `rows_`; zeros behind the last one, and behind its last number up to `padded_width`. */
template <int kParts>
void AttentionTiles<kParts>::TakeRows(const HeadInputs &in, const Rows<const float> &from, int64_t first,
                                      int64_t padded_width) {
  const __m512 scale = _mm512_set1_ps(from.scale);
  for (int64_t row = 0; row < kBlock; ++row) {
    const bool is_there = first + row < from.count;
    const float *const data = from.data + (first + row) * from.step;
    float *const to = rows_.data() + row * rows_step_;
    // The next head's row mostly lies behind this one. Rows are too far apart for the processor to foresee them.
    for (int64_t at = from.width; at < 2 * from.width; at += kTileSide) _mm_prefetch(data + at, _MM_HINT_T0);
    for (int64_t at = 0; at < padded_width; at += kTileSide) {
      const __mmask16 mask = is_there ? MaskOf(from.width - at) : 0;
      _mm512_store_ps(to + at, _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, data + at), scale));
    }
    if (from.is_turned && is_there) TurnStep(in, from.width, to, first + row, 1);
  }
}

template <int kParts>
void AttentionTiles<kParts>::TakeKeys(const HeadInputs &in, bool is_backward) {
  const Rows<const float> keys{in.key, sizes_.keys, sizes_.key_step, sizes_.width, 1, true};
  const Rows<const float> values{in.value, sizes_.keys, sizes_.value_step, sizes_.value_width, 1, false};
  const auto split_across = [&](int64_t tiles, int64_t block, const TileMemory &to) {
    for (int64_t tile = 0; tile < tiles; ++tile) {
      uint16_t *const parts = to.data() + (tile * key_blocks_ + block) * kParts * kTileNumbers;
      SplitPairs<kParts>(rows_.data() + tile * kTileSide, rows_step_, parts);
      for (int part = 0; part < kParts; ++part)
        TransposeTile(parts + part * kTileNumbers, parts + part * kTileNumbers);
    }
  };
  for (int64_t block = 0; block < key_blocks_; ++block) {
    TakeRows(in, keys, block * kBlock, scores_of_.PaddedDepth());
    scores_of_.SplitLeft(rows_.data(), rows_step_, keys_.data() + 2 * block * scores_of_.LeftSize());
    if (is_backward) split_across(key_tiles_, block, keys_across_);
    TakeRows(in, values, block * kBlock, slopes_of_.PaddedDepth());
    if (is_backward)
      slopes_of_.SplitLeft(rows_.data(), rows_step_, values_.data() + 2 * block * slopes_of_.LeftSize());
    else
      split_across(value_tiles_, block, values_across_);
  }
  for (int64_t key = 0; key < sizes_.keys; ++key) key_bias_[key] = in.padding ? in.padding[key] : 0;
}

template <int kParts>
void AttentionTiles<kParts>::TakeQueries(const HeadInputs &in, int64_t first, bool is_backward) {
  TakeRows(in, {in.query, sizes_.queries, sizes_.query_step, sizes_.width, scale_, true}, first,
           scores_of_.PaddedDepth());
  scores_of_.SplitRight(rows_.data(), rows_step_, queries_across_.data());
  if (!is_backward) return;
  for (int64_t tile = 0; tile < key_tiles_; ++tile)
    SplitPairs<kParts>(rows_.data() + tile * kTileSide, rows_step_, queries_.data() + tile * kParts * kTileNumbers);
}

/** Gradients of the output, and what is subtracted from those of shares. */
template <int kParts>
void AttentionTiles<kParts>::TakeGradients(const HeadInputs &in, const float *output, const float *output_gradient,
                                           int64_t first) {
  TakeRows(in, {output_gradient, sizes_.queries, sizes_.output_step, sizes_.value_width, 1, false}, first,
           slopes_of_.PaddedDepth());
  slopes_of_.SplitRight(rows_.data(), rows_step_, gradients_across_.data());
  for (int64_t tile = 0; tile < value_tiles_; ++tile)
    SplitPairs<kParts>(rows_.data() + tile * kTileSide, rows_step_, gradients_.data() + tile * kParts * kTileNumbers);
  // The sum of shares times their gradients is that of the outputs times theirs, which is shorter.
  for (int64_t top = 0; top < kBlock; top += kTileSide) {
    __m512i products[kTileSide];
    for (int row = 0; row < kTileSide; ++row) {
      const int64_t query = first + top + row;
      __m512 product = _mm512_setzero_ps();
      for (int64_t at = 0; at < sizes_.value_width && query < sizes_.queries; at += kTileSide)
        product = _mm512_fmadd_ps(
            _mm512_maskz_loadu_ps(MaskOf(sizes_.value_width - at), output + query * sizes_.output_step + at),
            _mm512_load_ps(rows_.data() + (top + row) * rows_step_ + at), product);
      products[row] = _mm512_castps_si512(product);
    }
    Transpose(products);
    __m512 sum = _mm512_setzero_ps();
    for (int row = 0; row < kTileSide; ++row) sum = _mm512_add_ps(sum, _mm512_castsi512_ps(products[row]));
    _mm512_store_ps(mean_ + top, sum);
  }
}

template <int kParts>
void AttentionTiles<kParts>::TakeStatistics(const float *statistics, int64_t first) {
  for (int64_t query = 0; query < kBlock; ++query) {
    const bool is_there = first + query < sizes_.queries;
    highest_[query] = is_there ? statistics[2 * (first + query)] : 0;
    inverse_[query] = is_there ? statistics[2 * (first + query) + 1] : 0;
  }
}

/** Scores [32 keys, 32 queries], still without the bias of each key; a key that is later than the query is not to be seen. */
template <int kParts>
void AttentionTiles<kParts>::Score(int64_t block, int64_t first, float *scores) const {
  scores_of_.Multiply(keys_.data() + 2 * block * scores_of_.LeftSize(), queries_across_.data(), scores);
  const int64_t first_key = block * kBlock;
  if (!sizes_.is_causal || first_key < first) return;
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (int64_t row = 0; row < kBlock; ++row)
    for (int64_t top = 0; top < kBlock; top += kTileSide) {
      const __m512i ahead = _mm512_set1_epi32(static_cast<int>(first_key + row - first - top));
      const __mmask16 is_later = _mm512_cmplt_epi32_mask(lanes, ahead);
      float *const at = scores + row * kBlock + top;
      const __m512 score = _mm512_load_ps(at);
      _mm512_store_ps(at, _mm512_mask_add_ps(score, is_later, score, _mm512_set1_ps(kUnseen)));
    }
}

/** Dropout's factors of a block across: [32 keys, 32 queries]. */
template <int kParts>
void AttentionTiles<kParts>::TakeFactors(const HeadInputs &in, int64_t block, int64_t first) {
  for (int64_t top = 0; top < kBlock; top += kTileSide)
    for (int64_t left = 0; left < kBlock; left += kTileSide) {
      const __mmask16 mask = MaskOf(sizes_.keys - block * kBlock - left);
      __m512i rows[kTileSide];
      for (int64_t row = 0; row < kTileSide; ++row) {
        const int64_t query = first + top + row;
        rows[row] = _mm512_maskz_loadu_epi32(query < sizes_.queries ? mask : 0,
                                             in.factors + query * sizes_.keys + block * kBlock + left);
      }
      Transpose(rows);
      for (int64_t row = 0; row < kTileSide; ++row)
        _mm512_store_si512(factors_.data() + (left + row) * kBlock + top, rows[row]);
    }
}

/** From scores to their exponentials, which are still to be divided by their sum, with what dropout leaves of them. */
template <int kParts>
void AttentionTiles<kParts>::ShareOut(const HeadInputs &in, int64_t first, int64_t blocks) {
  const float *const scores = scores_.data();
  __m512 highest[2] = {_mm512_set1_ps(-FLT_MAX), _mm512_set1_ps(-FLT_MAX)}, sums[2] = {};
  for (int64_t row = 0; row < blocks * kBlock; ++row)
    for (int half = 0; half < 2; ++half) {
      const __m512 score = _mm512_load_ps(scores + row * kBlock + half * kTileSide);
      highest[half] = _mm512_max_ps(highest[half], _mm512_add_ps(score, _mm512_set1_ps(key_bias_[row])));
    }
  for (int64_t block = 0; block < blocks; ++block) {
    if (in.factors) TakeFactors(in, block, first);
    const float *const from = scores + block * kBlockSize, *const bias = &key_bias_[block * kBlock];
    uint16_t *const across = across_.data() + 2 * block * kParts * kTileNumbers;
    for (int row = 0; row < kTileSide; ++row)
#pragma GCC unroll 2
      for (int half = 0; half < 2; ++half) {
        const auto share_of = [&](int row) {
          const int64_t at = row * kBlock + half * kTileSide;
          const __m512 score = _mm512_add_ps(_mm512_load_ps(from + at), _mm512_set1_ps(bias[row]));
          const __m512 share = Share(_mm512_sub_ps(score, highest[half]));
          sums[half] = _mm512_add_ps(sums[half], share);
          return in.factors ? _mm512_mul_ps(share, _mm512_load_ps(factors_.data() + at)) : share;
        };
        const __m512 upper = share_of(row), lower = share_of(kTileSide + row);
        StorePairs<kParts>(across + half * kParts * kTileNumbers, row, VectorParts<kParts>(upper),
                           VectorParts<kParts>(lower));
      }
  }
  for (int half = 0; half < 2; ++half) {
    _mm512_store_ps(highest_ + half * kTileSide, highest[half]);
    _mm512_store_ps(inverse_ + half * kTileSide, _mm512_div_ps(_mm512_set1_ps(1), sums[half]));
  }
}

/** From scores and the gradients of shares to the shares that were kept and the gradients of scores, as what is multiplied. */
template <int kParts>
void AttentionTiles<kParts>::SlopesOfScores(const HeadInputs &in, int64_t block, int64_t first) {
  const float *const scores = scores_.data(), *const bias = &key_bias_[block * kBlock];
  const float *const given_slopes = slopes_.data();
  if (in.factors) TakeFactors(in, block, first);
  __m512 highest[2], inverse[2], mean[2];
  for (int half = 0; half < 2; ++half) {
    highest[half] = _mm512_load_ps(highest_ + half * kTileSide);
    inverse[half] = _mm512_load_ps(inverse_ + half * kTileSide);
    mean[half] = _mm512_load_ps(mean_ + half * kTileSide);
  }
  uint16_t *const share_rows = share_rows_.data();
  uint16_t *const slope_rows = slope_rows_.data();
  uint16_t *const across = across_.data() + 2 * block * kParts * kTileNumbers;
  for (int row = 0; row < kTileSide; ++row) {
    __m512 shares[2][2], slopes[2][2];
#pragma GCC unroll 2
    for (int lower = 0; lower < 2; ++lower)
#pragma GCC unroll 2
      for (int half = 0; half < 2; ++half) {
        const int64_t at = (lower * kTileSide + row) * kBlock + half * kTileSide;
        const __m512 score = _mm512_add_ps(_mm512_load_ps(scores + at), _mm512_set1_ps(bias[lower * kTileSide + row]));
        const __m512 share = _mm512_mul_ps(Share(_mm512_sub_ps(score, highest[half])), inverse[half]);
        __m512 kept = share, slope = _mm512_load_ps(given_slopes + at);
        if (in.factors) {
          const __m512 factor = _mm512_load_ps(factors_.data() + at);
          kept = _mm512_mul_ps(share, factor);
          slope = _mm512_mul_ps(slope, factor);
        }
        shares[lower][half] = kept;
        slopes[lower][half] = _mm512_mul_ps(share, _mm512_sub_ps(slope, mean[half]));
      }
#pragma GCC unroll 2
    for (int lower = 0; lower < 2; ++lower)
      StorePairs<kParts>(share_rows + lower * kParts * kTileNumbers, row, VectorParts<kParts>(shares[lower][0]),
                         VectorParts<kParts>(shares[lower][1]));
    const VectorParts<kParts> upper0(slopes[0][0]), upper1(slopes[0][1]), lower0(slopes[1][0]), lower1(slopes[1][1]);
    StorePairs<kParts>(slope_rows, row, upper0, upper1);
    StorePairs<kParts>(slope_rows + kParts * kTileNumbers, row, lower0, lower1);
    StorePairs<kParts>(across, row, upper0, lower0);
    StorePairs<kParts>(across + kParts * kTileNumbers, row, upper1, lower1);
  }
}

/** sums_ [width, 32 queries], times a factor of each query, as rows. */
template <int kParts>
void AttentionTiles<kParts>::WriteQueries(const HeadInputs &in, const Rows<float> &to, int64_t first,
                                          const float *factors) {
  for (int64_t at = 0; at < to.width; at += kTileSide)
    for (int64_t top = 0; top < kBlock; top += kTileSide) {
      __m512i rows[kTileSide];
      for (int row = 0; row < kTileSide; ++row)
        rows[row] = _mm512_castps_si512(
            _mm512_mul_ps(_mm512_load_ps(sums_.data() + (at + row) * kBlock + top), _mm512_load_ps(factors + top)));
      Transpose(rows);
      for (int row = 0; row < kTileSide; ++row)
        _mm512_store_si512(rows_.data() + (top + row) * rows_step_ + at, rows[row]);
    }
  for (int64_t row = 0; row < std::min(kBlock, to.count - first); ++row) {
    float *const from = rows_.data() + row * rows_step_;
    if (to.is_turned) TurnStep(in, to.width, from, first + row, -1);
    CopyRow(to.data + (first + row) * to.step, from, to.width);
  }
}

template class AttentionTiles<1>;
template class AttentionTiles<2>;
template class AttentionTiles<3>;

}  // namespace dlctl

#endif
