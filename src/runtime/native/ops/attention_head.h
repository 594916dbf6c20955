// Attention of one head, forward and backward, a block of queries at a time, so that scores never leave the caches.
#pragma once

#include <math.h>

#include <algorithm>
#include <vector>

#include "row.h"
#include "small_product.h"

namespace dlctl {

/** What all heads share. Steps of queries, keys, values and outputs lie `*_step` numbers apart. */
struct AttentionSizes {
  int64_t queries, keys, width, value_width;
  int64_t query_step, key_step, value_step, output_step;
  bool is_causal;
};

struct HeadInputs {
  const float *query, *key, *value;
  /** Added to the scores of each key; null: nothing. */
  const float *padding;
  /** Of the shares [queries, keys]; null: none. */
  const float *factors;
  /** Cosines and sines [2, rotation_steps, width]; null: nothing is turned. */
  const float *rotation;
  int64_t rotation_steps;
};

/** What is added to scores that may not be seen, the same as in plain attention. */
constexpr float kUnseen = -1e9f;

/** Rotary positions: number i and number i + width / 2 are a point, turned by its step's angle (direction 1), or back again (-1). */
inline void TurnStep(const HeadInputs &in, int64_t width, float *numbers, int64_t step, float direction) {
  if (!in.rotation) return;
  const int64_t half = width / 2;
  const float *cosines = in.rotation + step * width;
  const float *sines = in.rotation + (in.rotation_steps + step) * width;
  for (int64_t i = 0; i < half; ++i) {
    const float first = numbers[i], second = numbers[half + i];
    numbers[i] = first * cosines[i] - direction * second * sines[i];
    numbers[half + i] = second * cosines[half + i] + direction * first * sines[half + i];
  }
}

/** Works on one head after the other; holds the memory for it. Not for several threads at once. */
class AttentionHead {
 public:
  explicit AttentionHead(const AttentionSizes &sizes);

  /** `statistics` [queries, 2]: the largest score, and 1 over the sum of the exponentials of scores less it. */
  void Forward(const HeadInputs &in, float *output, float *statistics);

  /** Gradients lie as that does which they are of; `output` and `statistics` are what Forward wrote. */
  void Backward(const HeadInputs &in, const float *output, const float *statistics, const float *output_gradient,
                float *query_gradient, float *key_gradient, float *value_gradient);

 private:
  typedef std::vector<float> Floats;

  int64_t SeenColumns(const HeadInputs &in, int64_t end) const;
  void TakeKeys(const HeadInputs &in);
  void TakeQueries(const HeadInputs &in, int64_t first, int64_t rows);
  void Score(const HeadInputs &in, int64_t first, int64_t rows, int64_t columns);
  void ShareOut(const HeadInputs &in, int64_t row, int64_t query, int64_t columns, float *statistics);
  void SlopesOfScores(const HeadInputs &in, int64_t row, int64_t query, int64_t columns, const float *statistics,
                      float mean);
  void Transpose(const Floats &from, int64_t step, int64_t width, Floats &to) const;

  const AttentionSizes sizes_;
  /** Rounded up to whole vectors. */
  const int64_t columns_, width_, value_width_;
  const float scale_;
  Floats keys_, values_, keys_across_, values_across_, key_bias_;
  /** Of a block of queries: scores and then shares, the shares' gradients and then the scores', and sums. */
  Floats queries_, shares_, slopes_, outputs_, query_sums_;
  Floats key_sums_, value_sums_;
};

}  // namespace dlctl
