#include "attention_head.h"

namespace dlctl {
namespace {

/** Queries that are worked on together: their scores for some hundred keys fit in the innermost cache. */
constexpr int64_t kQueryBlock = 32;
/** What leaves the columns that only fill up a vector without a share. */
constexpr float kNoKey = -1e30f;

/** A real 0 for what is not seen: numbers too small to be normal would make the products slow. */
inline Vec Share(Vec score) { return Select(score < -87.0f, Vec{}, Exp(score)); }

inline Vec FactorsAt(const float *factors, int64_t at, int64_t end) {
  return LoadSome(factors + at, static_cast<int>(std::min<int64_t>(kLanes, end - at)));
}

inline float Dot(const float *a, const float *b, int64_t width) {
  Vec sum{};
  ForVectors(width, [&](int64_t at, int count) { sum += LoadSome(a + at, count) * LoadSome(b + at, count); });
  return SumOf(sum);
}

inline void Scale(float *numbers, int64_t width, float factor) {
  for (int64_t at = 0; at < width; at += kLanes) Store(numbers + at, Load(numbers + at) * factor);
}

int64_t PaddedSize(int64_t size) { return PaddedToLanes(static_cast<int>(size)); }

}  // namespace

AttentionHead::AttentionHead(const AttentionSizes &sizes)
    : sizes_(sizes),
      columns_(PaddedSize(sizes.keys)),
      width_(PaddedSize(sizes.width)),
      value_width_(PaddedSize(sizes.value_width)),
      scale_(1 / sqrtf(static_cast<float>(sizes.width))),
      keys_(columns_ * width_),
      values_(columns_ * value_width_),
      keys_across_(sizes.width * columns_),
      values_across_(sizes.value_width * columns_),
      key_bias_(columns_, kNoKey),
      queries_(kQueryBlock * width_),
      shares_(kQueryBlock * columns_),
      slopes_(kQueryBlock * columns_),
      outputs_(kQueryBlock * value_width_),
      query_sums_(kQueryBlock * width_) {}

void AttentionHead::Forward(const HeadInputs &in, float *output, float *statistics) {
  TakeKeys(in);
  for (int64_t first = 0; first < sizes_.queries; first += kQueryBlock) {
    const int64_t rows = std::min(kQueryBlock, sizes_.queries - first);
    const int64_t columns = SeenColumns(in, first + rows);
    TakeQueries(in, first, rows);
    Score(in, first, rows, columns);
    for (int64_t row = 0; row < rows; ++row) ShareOut(in, row, first + row, columns, statistics + 2 * (first + row));
    MultiplySmall(rows, value_width_, columns, {shares_.data(), columns_, 1}, values_.data(), value_width_,
                  outputs_.data(), value_width_);
    for (int64_t row = 0; row < rows; ++row) {
      float *numbers = &outputs_[row * value_width_];
      Scale(numbers, value_width_, statistics[2 * (first + row) + 1]);
      memcpy(output + (first + row) * sizes_.output_step, numbers, sizes_.value_width * sizeof(float));
    }
  }
}

void AttentionHead::Backward(const HeadInputs &in, const float *output, const float *statistics,
                             const float *output_gradient, float *query_gradient, float *key_gradient,
                             float *value_gradient) {
  TakeKeys(in);
  Transpose(values_, value_width_, sizes_.value_width, values_across_);
  key_sums_.assign(columns_ * width_, 0);
  value_sums_.assign(columns_ * value_width_, 0);
  for (int64_t first = 0; first < sizes_.queries; first += kQueryBlock) {
    const int64_t rows = std::min(kQueryBlock, sizes_.queries - first);
    const int64_t columns = SeenColumns(in, first + rows);
    TakeQueries(in, first, rows);
    Score(in, first, rows, columns);
    for (int64_t row = 0; row < rows; ++row) {
      const float *given = output_gradient + (first + row) * sizes_.output_step;
      CopyPadded(&outputs_[row * value_width_], given, sizes_.value_width, value_width_);
    }
    MultiplySmall(rows, columns, sizes_.value_width, {outputs_.data(), value_width_, 1}, values_across_.data(),
                  columns_, slopes_.data(), columns_);
    for (int64_t row = 0; row < rows; ++row) {
      // The sum of shares times their gradients is that of the outputs times theirs, which is shorter.
      const int64_t at = (first + row) * sizes_.output_step;
      const float mean = Dot(output + at, output_gradient + at, sizes_.value_width);
      SlopesOfScores(in, row, first + row, columns, statistics + 2 * (first + row), mean);
    }
    MultiplySmall(columns, value_width_, rows, {shares_.data(), 1, columns_}, outputs_.data(), value_width_,
                  value_sums_.data(), value_width_, true);
    MultiplySmall(columns, width_, rows, {slopes_.data(), 1, columns_}, queries_.data(), width_, key_sums_.data(),
                  width_, true);
    MultiplySmall(rows, width_, columns, {slopes_.data(), columns_, 1}, keys_.data(), width_, query_sums_.data(),
                  width_);
    for (int64_t row = 0; row < rows; ++row) {
      float *sums = &query_sums_[row * width_];
      TurnStep(in, sizes_.width, sums, first + row, -1);
      Scale(sums, width_, scale_);
      memcpy(query_gradient + (first + row) * sizes_.query_step, sums, sizes_.width * sizeof(float));
    }
  }
  for (int64_t key = 0; key < sizes_.keys; ++key) {
    TurnStep(in, sizes_.width, &key_sums_[key * width_], key, -1);
    memcpy(key_gradient + key * sizes_.key_step, &key_sums_[key * width_], sizes_.width * sizeof(float));
    memcpy(value_gradient + key * sizes_.value_step, &value_sums_[key * value_width_],
           sizes_.value_width * sizeof(float));
  }
}

/** Columns that queries before `end` may see. A query that sees nothing but padding shares among later steps, too. */
int64_t AttentionHead::SeenColumns(const HeadInputs &in, int64_t end) const {
  return sizes_.is_causal && !in.padding ? std::min(PaddedSize(end), columns_) : columns_;
}

void AttentionHead::TakeKeys(const HeadInputs &in) {
  for (int64_t key = 0; key < sizes_.keys; ++key) {
    CopyPadded(&keys_[key * width_], in.key + key * sizes_.key_step, sizes_.width, width_);
    CopyPadded(&values_[key * value_width_], in.value + key * sizes_.value_step, sizes_.value_width, value_width_);
    TurnStep(in, sizes_.width, &keys_[key * width_], key, 1);
    key_bias_[key] = in.padding ? in.padding[key] : 0;
  }
  Transpose(keys_, width_, sizes_.width, keys_across_);
}

void AttentionHead::TakeQueries(const HeadInputs &in, int64_t first, int64_t rows) {
  for (int64_t row = 0; row < rows; ++row) {
    float *query = &queries_[row * width_];
    CopyPadded(query, in.query + (first + row) * sizes_.query_step, sizes_.width, width_);
    Scale(query, width_, scale_);
    TurnStep(in, sizes_.width, query, first + row, 1);
  }
}

void AttentionHead::Score(const HeadInputs &in, int64_t first, int64_t rows, int64_t columns) {
  MultiplySmall(rows, columns, sizes_.width, {queries_.data(), width_, 1}, keys_across_.data(), columns_,
                shares_.data(), columns_);
  const bool has_bias = in.padding || columns > sizes_.keys;
  for (int64_t row = 0; row < rows; ++row) {
    float *scores = &shares_[row * columns_];
    if (has_bias)
      for (int64_t at = 0; at < columns; at += kLanes) Store(scores + at, Load(scores + at) + Load(&key_bias_[at]));
    if (sizes_.is_causal)
      for (int64_t key = first + row + 1; key < columns; ++key) scores[key] += kUnseen;
  }
}

/** From scores to their exponentials, which are still to be divided by their sum, with what dropout leaves of them. */
void AttentionHead::ShareOut(const HeadInputs &in, int64_t row, int64_t query, int64_t columns, float *statistics) {
  float *shares = &shares_[row * columns_];
  Vec largest = Load(shares);
  for (int64_t at = kLanes; at < columns; at += kLanes) largest = Max(largest, Load(shares + at));
  const float highest = LargestOf(largest);
  Vec sum{};
  for (int64_t at = 0; at < columns; at += kLanes) {
    const Vec share = Share(Load(shares + at) - highest);
    sum += share;
    Store(shares + at, in.factors ? share * FactorsAt(in.factors + query * sizes_.keys, at, sizes_.keys) : share);
  }
  statistics[0] = highest;
  statistics[1] = 1 / SumOf(sum);
}

/** From scores and the gradients of shares to the shares that were kept and the gradients of scores. */
void AttentionHead::SlopesOfScores(const HeadInputs &in, int64_t row, int64_t query, int64_t columns,
                                   const float *statistics, float mean) {
  float *shares = &shares_[row * columns_];
  float *slopes = &slopes_[row * columns_];
  for (int64_t at = 0; at < columns; at += kLanes) {
    const Vec share = Share(Load(shares + at) - statistics[0]) * statistics[1];
    const Vec slope = Load(slopes + at);
    if (in.factors) {
      const Vec factors = FactorsAt(in.factors + query * sizes_.keys, at, sizes_.keys);
      Store(shares + at, share * factors);
      Store(slopes + at, share * (slope * factors - mean));
    } else {
      Store(shares + at, share);
      Store(slopes + at, share * (slope - mean));
    }
  }
}

/** Steps [columns, step] as [width, columns]. */
void AttentionHead::Transpose(const Floats &from, int64_t step, int64_t width, Floats &to) const {
  for (int64_t i = 0; i < width; ++i)
    for (int64_t key = 0; key < columns_; ++key) to[i * columns_ + key] = from[key * step + i];
}

}  // namespace dlctl
