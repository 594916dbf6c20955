// Attention of one head as in attention_head.h, by tiles: blocks of 32 queries by 32 keys.
#pragma once

#include "attention_head.h"
#include "op.h"
#include "tile_blocks.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** Memory of numbers of type bfloat16, aligned for tiles. Not cleared. */
class TileMemory {
 public:
  explicit TileMemory(size_t numbers) : floats_(numbers / 2) {}
  uint16_t *data() const { return reinterpret_cast<uint16_t *>(floats_.data()); }

 private:
  Scratch floats_;
};

/**
 * AttentionHead's part where there are tiles; within a TileScope. Floats are multiplied as `kParts` parts (float_parts.h). Scores and shares are
 * kept across, a row for each key and a lane for each query: what is summed over keys then needs no sums within vectors.
 */
template <int kParts>
class AttentionTiles {
 public:
  explicit AttentionTiles(const AttentionSizes &sizes);

  void Forward(const HeadInputs &in, float *output, float *statistics);
  void Backward(const HeadInputs &in, const float *output, const float *statistics, const float *output_gradient,
                float *query_gradient, float *key_gradient, float *value_gradient);

 private:
  /** Rows of an input or output: how many, how far apart, how many numbers; what they are multiplied with, and whether they are turned. */
  template <class Number>
  struct Rows {
    Number *data;
    int64_t count, step, width;
    float scale;
    bool is_turned;
  };

  int64_t SeenBlocks(const HeadInputs &in, int64_t first) const;
  void TakeRows(const HeadInputs &in, const Rows<const float> &from, int64_t first, int64_t padded_width);
  void TakeKeys(const HeadInputs &in, bool is_backward);
  void TakeQueries(const HeadInputs &in, int64_t first, bool is_backward);
  void TakeGradients(const HeadInputs &in, const float *output, const float *output_gradient, int64_t first);
  void TakeStatistics(const float *statistics, int64_t first);
  void TakeFactors(const HeadInputs &in, int64_t block, int64_t first);
  void Score(int64_t block, int64_t first, float *scores) const;
  void ShareOut(const HeadInputs &in, int64_t first, int64_t blocks);
  void SlopesOfScores(const HeadInputs &in, int64_t block, int64_t first);
  void WriteQueries(const HeadInputs &in, const Rows<float> &to, int64_t first, const float *factors);

  const AttentionSizes sizes_;
  const int64_t key_blocks_;
  /** Tiles of 16 numbers that make up a key's width, and a value's. */
  const int64_t key_tiles_, value_tiles_;
  const float scale_;
  /** Products over a key's width, and over a value's. */
  const RowProduct<kParts> scores_of_, slopes_of_;
  /** A block of rows. */
  const Scratch rows_;
  const int64_t rows_step_;
  std::vector<float> key_bias_;
  /** All keys and values: rows as left sides, and across, for sums over keys. */
  const TileMemory keys_, keys_across_, values_, values_across_;
  /** A block of queries and of the output's gradients: across as right sides, and rows as right sides, for sums over queries. */
  const TileMemory queries_across_, queries_, gradients_across_, gradients_;
  /** Of a block of keys, for sums over queries; of all of them, shares or slopes, for sums over keys. */
  const TileMemory share_rows_, slope_rows_, across_;
  const Scratch scores_, slopes_, factors_, sums_, key_sums_, value_sums_;
  /** Of the block of queries: largest scores, 1 over sums of exponentials, and what is subtracted from gradients of shares. */
  alignas(64) float highest_[kTileDepth], inverse_[kTileDepth], mean_[kTileDepth];
};

extern template class AttentionTiles<1>;
extern template class AttentionTiles<2>;
extern template class AttentionTiles<3>;

}  // namespace dlctl

#endif
