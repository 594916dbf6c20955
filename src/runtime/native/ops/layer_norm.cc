// Layer and RMS normalization over the last axis, forward and backward, each in one pass over the rows.
#include <math.h>

#include "row_tasks.h"

namespace dlctl {
namespace {

class LayerNorm {
 public:
  static OpDefinition Definition() {
    return {"DlctlLayerNorm",
            {"epsilon: float", "centred: bool"},
            {"x: float", "gamma: float", "beta: float"},
            {"y: float", "statistics: float"}};
  }

  explicit LayerNorm(const Attributes &attributes)
      : epsilon_(attributes.Float("epsilon")), is_centred_(attributes.Bool("centred")) {}

  /** x [rows, width], gamma and beta [width] or [0]; statistics [rows, 2]: mean, and 1 over the deviation. */
  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 2);
    const int64_t rows = x.dim(0), width = x.dim(1);
    const float *gamma = OptionalRow(call.Input(1, 1), width);
    const float *beta = OptionalRow(call.Input(2, 1), width);
    float *y = call.Output(0, {rows, width}).data();
    float *statistics = call.Output(1, {rows, 2}).data();
    RowTasks(rows, width).ForEach([&](int64_t row) {
      Normalize(x.data() + row * width, gamma, beta, width, y + row * width, statistics + 2 * row);
    });
  }

 private:
  void Normalize(const float *x, const float *gamma, const float *beta, int64_t width, float *y,
                 float *statistics) const {
    float mean = 0;
    if (is_centred_) {
      Vec sum{};
      ForVectors(width, [&](int64_t at, int count) { sum += LoadSome(x + at, count); });
      mean = SumOf(sum) / static_cast<float>(width);
    }
    Vec squares{};
    ForVectors(width, [&](int64_t at, int count) {
      const Vec centred = LoadSome(x + at, count) - mean;
      const Vec counted = count == kLanes ? centred : FirstLanes(centred, count);
      squares += counted * counted;
    });
    const float inverse = 1 / sqrtf(SumOf(squares) / static_cast<float>(width) + epsilon_);
    ForVectors(width, [&](int64_t at, int count) {
      Vec value = (LoadSome(x + at, count) - mean) * inverse;
      if (gamma) value *= LoadSome(gamma + at, count);
      if (beta) value += LoadSome(beta + at, count);
      StoreSome(y + at, value, count);
    });
    statistics[0] = mean;
    statistics[1] = inverse;
  }

  float epsilon_;
  bool is_centred_;
};

class LayerNormGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlLayerNormGradient",
            {"centred: bool"},
            {"dy: float", "x: float", "gamma: float", "statistics: float"},
            {"dx: float", "dgamma: float", "dbeta: float"}};
  }

  explicit LayerNormGradient(const Attributes &attributes) : is_centred_(attributes.Bool("centred")) {}

  /** As above; gradients of gamma and beta are computed whether they were there or not. */
  void Compute(Call &call) const {
    const Tensor dy = call.Input(0, 2), x = call.Input(1, 2), statistics = call.Input(3, 2);
    const int64_t rows = x.dim(0), width = x.dim(1);
    Call::Require(dy.size() == x.size() && statistics.size() == 2 * rows, "dy, x and statistics must fit together");
    const float *gamma = OptionalRow(call.Input(2, 1), width);
    float *dx = call.OutputOver(0, {0}, {rows, width}).data();
    float *const sums[] = {call.Output(1, {width}).data(), call.Output(2, {width}).data()};
    RowTasks(rows, width).ForEachSumming(2, sums, [&](int64_t row, float *sums) {
      Differentiate(dy.data() + row * width, x.data() + row * width, gamma, statistics.data() + 2 * row, width,
                    dx + row * width, sums);
    });
  }

 private:
  /** dx = (g - mean(g) - n mean(g n)) / deviation, with g = dy gamma and n the normalized x. */
  void Differentiate(const float *dy, const float *x, const float *gamma, const float *statistics, int64_t width,
                     float *dx, float *sums) const {
    const float mean = statistics[0], inverse = statistics[1];
    float *dgamma = sums;
    float *dbeta = sums + PaddedToLanes(static_cast<int>(width));
    Vec sum{}, along{};
    ForVectors(width, [&](int64_t at, int count) {
      const Vec given = LoadSome(dy + at, count);
      const Vec normal = (LoadSome(x + at, count) - mean) * inverse;
      const Vec scaled = gamma ? given * LoadSome(gamma + at, count) : given;
      Store(dgamma + at, Load(dgamma + at) + given * normal);
      Store(dbeta + at, Load(dbeta + at) + given);
      sum += scaled;
      along += scaled * normal;
    });
    const float mean_sum = is_centred_ ? SumOf(sum) / static_cast<float>(width) : 0;
    const float mean_along = SumOf(along) / static_cast<float>(width);
    ForVectors(width, [&](int64_t at, int count) {
      const Vec given = LoadSome(dy + at, count);
      const Vec normal = (LoadSome(x + at, count) - mean) * inverse;
      const Vec scaled = gamma ? given * LoadSome(gamma + at, count) : given;
      StoreSome(dx + at, (scaled - mean_sum - normal * mean_along) * inverse, count);
    });
  }

  bool is_centred_;
};

}  // namespace

void RegisterLayerNormOps() {
  RegisterOp<LayerNorm>();
  RegisterOp<LayerNormGradient>();
}

}  // namespace dlctl
