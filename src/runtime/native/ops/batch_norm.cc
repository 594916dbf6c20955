// Batch normalization in training over all axes but the last one, with an addition and relu behind it in the same pass, and
// its gradient, which undoes relu on the way.
#include <math.h>

#include <algorithm>
#include <vector>

#include "row_tasks.h"

namespace dlctl {
namespace {

/** Neighbouring vectors of channels that one loop over the rows takes. */
constexpr int kMostVectors = 4;

/**
 * The rows of x, cut into chunks that lie in a core's caches. They depend on sizes alone, and what is summed is joined in their
 * order, so that results don't depend on threads.
 */
class Chunks {
 public:
  explicit Chunks(const Tensor &x) {
    Call::Require(x.rank() > 0, "x must have an axis of channels");
    width = x.dim(x.rank() - 1);
    rows = width > 0 ? x.size() / width : 0;
    chunk_rows_ = std::max<int64_t>(16, 16384 / std::max<int64_t>(1, width));
    count = static_cast<int>((rows + chunk_rows_ - 1) / chunk_rows_);
  }

  int64_t First(int chunk) const { return std::min(chunk * chunk_rows_, rows); }

  /** Calls `work(chunk, first row, end row)` for each. */
  template <class Work>
  void ForEach(const Work &work) const {
    ParallelFor(count, [&](int chunk) { work(chunk, First(chunk), First(chunk + 1)); });
  }

  int64_t rows, width;
  int count;

 private:
  int64_t chunk_rows_;
};

template <int V>
struct Block {
  static constexpr int kVectors = V;
};

/** Calls `step(Block<V>, channel, lanes)` for blocks of V vectors; `lanes` are the real ones of a block of one vector. */
template <class Step>
void ForBlocks(int64_t width, const Step &step) {
  int64_t at = 0;
  for (; at + kMostVectors * kLanes <= width; at += kMostVectors * kLanes) step(Block<kMostVectors>(), at, kLanes);
  for (; at + 2 * kLanes <= width; at += 2 * kLanes) step(Block<2>(), at, kLanes);
  ForVectors(width - at, [&](int64_t offset, int lanes) { step(Block<1>(), at + offset, lanes); });
}

template <int V>
struct Vectors {
  Vec of[V];
};

template <int V>
inline Vectors<V> LoadBlock(const float *from, int lanes) {
  Vectors<V> values;
  if (V > 1 || lanes == kLanes) {
    for (int v = 0; v < V; ++v) values.of[v] = Load(from + v * kLanes);
  } else {
    values.of[0] = LoadSome(from, lanes);
  }
  return values;
}

template <int V>
inline void StoreBlock(float *to, const Vectors<V> &values, int lanes) {
  if (V > 1 || lanes == kLanes) {
    for (int v = 0; v < V; ++v) Store(to + v * kLanes, values.of[v]);
  } else {
    StoreSome(to, values.of[0], lanes);
  }
}

float InverseDeviation(float variance, float epsilon) { return 1 / sqrtf(variance + epsilon); }

/** What the gradient needs of a channel's result is computed as the result was, to the last bit: so both go through these. */
float ScaleOf(float gamma, float variance, float epsilon) { return gamma * InverseDeviation(variance, epsilon); }
inline Vec Normalized(Vec x, Vec mean, Vec scale, Vec beta) { return (x - mean) * scale + beta; }

class BatchNorm {
 public:
  static OpDefinition Definition() {
    return {"DlctlBatchNorm",
            {"epsilon: float", "relu: bool"},
            {"x: float", "gamma: float", "beta: float", "residual: float"},
            {"y: float", "mean: float", "variance: float"}};
  }

  explicit BatchNorm(const Attributes &attributes)
      : epsilon_(attributes.Float("epsilon")), relu_(attributes.Bool("relu")) {}

  /**
   * x [..., channels], gamma and beta [channels]. y = (x - mean) / sqrt(variance + epsilon) gamma + beta + residual, and
   * relu of it; residual is like x, or [0]. The variance is divided by the number of rows.
   */
  void Compute(Call &call) const {
    const Tensor x = call.Input(0), gamma = call.Input(1, 1), beta = call.Input(2, 1), residual = call.Input(3);
    const Chunks chunks(x);
    const int64_t width = chunks.width;
    Call::Require(gamma.size() == width && beta.size() == width, "gamma and beta must be as long as the channels");
    Call::Require(residual.size() == x.size() || residual.size() == 0, "the residual must have the shape of x");
    std::vector<int64_t> dims;
    for (int axis = 0; axis < x.rank(); ++axis) dims.push_back(x.dim(axis));
    float *y = call.Output(0, dims).data();
    float *mean = call.Output(1, {width}).data();
    float *variance = call.Output(2, {width}).data();
    Measure(chunks, x.data(), mean, variance);
    const float *added = residual.size() > 0 ? residual.data() : nullptr;
    std::vector<float> scale(static_cast<size_t>(width));
    for (int64_t c = 0; c < width; ++c) scale[c] = ScaleOf(gamma.data()[c], variance[c], epsilon_);
    chunks.ForEach([&](int, int64_t first, int64_t end) {
      if (added) Normalize<true>(x.data(), mean, scale.data(), beta.data(), added, first, end, width, y);
      else Normalize<false>(x.data(), mean, scale.data(), beta.data(), nullptr, first, end, width, y);
    });
  }

 private:
  /**
   * Each chunk's mean, as its distance from the first row, and its squares around that, so that no digits are lost to a large
   * mean; then those of all together.
   */
  static void Measure(const Chunks &chunks, const float *x, float *mean, float *variance) {
    const int64_t width = chunks.width;
    const Scratch memory(static_cast<size_t>(2 * chunks.count * width));
    float *means = memory.data();
    float *squares = means + chunks.count * width;
    chunks.ForEach([&](int chunk, int64_t first, int64_t end) {
      ForBlocks(width, [&](auto block, int64_t at, int lanes) {
        constexpr int V = decltype(block)::kVectors;
        const auto start = LoadBlock<V>(x + first * width + at, lanes);
        Vectors<V> sum{}, around{};
        for (int64_t row = first + 1; row < end; ++row) {
          const Vectors<V> values = LoadBlock<V>(x + row * width + at, lanes);
          for (int v = 0; v < V; ++v) sum.of[v] += values.of[v] - start.of[v];
        }
        for (int v = 0; v < V; ++v) sum.of[v] = start.of[v] + sum.of[v] / static_cast<float>(end - first);
        for (int64_t row = first; row < end; ++row) {
          const Vectors<V> values = LoadBlock<V>(x + row * width + at, lanes);
          for (int v = 0; v < V; ++v) {
            const Vec centred = values.of[v] - sum.of[v];
            around.of[v] += centred * centred;
          }
        }
        StoreBlock<V>(means + chunk * width + at, sum, lanes);
        StoreBlock<V>(squares + chunk * width + at, around, lanes);
      });
    });
    const double all = static_cast<double>(std::max<int64_t>(1, chunks.rows));
    std::vector<double> joined_mean(static_cast<size_t>(width)), joined_squares(static_cast<size_t>(width));
    for (int chunk = 0; chunk < chunks.count; ++chunk) {
      const double share = static_cast<double>(chunks.First(chunk + 1) - chunks.First(chunk)) / all;
      for (int64_t c = 0; c < width; ++c) joined_mean[c] += share * means[chunk * width + c];
    }
    for (int chunk = 0; chunk < chunks.count; ++chunk) {
      const double count = static_cast<double>(chunks.First(chunk + 1) - chunks.First(chunk));
      for (int64_t c = 0; c < width; ++c) {
        const double distance = means[chunk * width + c] - joined_mean[c];
        joined_squares[c] += squares[chunk * width + c] + count * distance * distance;
      }
    }
    for (int64_t c = 0; c < width; ++c) {
      mean[c] = static_cast<float>(joined_mean[c]);
      variance[c] = static_cast<float>(joined_squares[c] / all);
    }
  }

  template <bool kAdds>
  void Normalize(const float *x, const float *mean, const float *scale, const float *beta, const float *added,
                 int64_t first, int64_t end, int64_t width, float *y) const {
    ForBlocks(width, [&](auto block, int64_t at, int lanes) {
      constexpr int V = decltype(block)::kVectors;
      const auto means = LoadBlock<V>(mean + at, lanes), scales = LoadBlock<V>(scale + at, lanes);
      const auto shifts = LoadBlock<V>(beta + at, lanes);
      for (int64_t row = first; row < end; ++row) {
        Vectors<V> values = LoadBlock<V>(x + row * width + at, lanes);
        Vectors<V> more{};
        if (kAdds) more = LoadBlock<V>(added + row * width + at, lanes);
        for (int v = 0; v < V; ++v) {
          Vec value = Normalized(values.of[v], means.of[v], scales.of[v], shifts.of[v]);
          if (kAdds) value += more.of[v];
          // What is not a number stays so.
          values.of[v] = relu_ ? Select(value < Vec{}, Vec{}, value) : value;
        }
        StoreBlock<V>(y + row * width + at, values, lanes);
      }
    });
  }

  float epsilon_;
  bool relu_;
};

class BatchNormGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlBatchNormGradient",
            {"epsilon: float", "relu: bool", "residual: bool"},
            {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "variance: float", "y: float"},
            {"dx: float", "dgamma: float", "dbeta: float", "dresidual: float"}};
  }

  explicit BatchNormGradient(const Attributes &attributes)
      : epsilon_(attributes.Float("epsilon")),
        relu_(attributes.Bool("relu")),
        has_residual_(attributes.Bool("residual")) {}

  /**
   * y is read where relu made it of a sum, else it may be [0]: without a residual, x tells as well where it is above 0, and must be
   * read anyway. dresidual is [0] where nothing was added.
   */
  void Compute(Call &call) const {
    const Tensor dy = call.Input(0), x = call.Input(1), gamma = call.Input(2, 1), beta = call.Input(3, 1);
    const Tensor mean = call.Input(4, 1), variance = call.Input(5, 1), y = call.Input(6);
    const Chunks chunks(x);
    const int64_t width = chunks.width;
    Call::Require(dy.size() == x.size(), "the gradient must have the shape of x");
    const bool has_sum = relu_ && has_residual_;
    Call::Require(!has_sum || y.size() == x.size(), "the result must have the shape of x");
    Call::Require(gamma.size() == width && beta.size() == width && mean.size() == width && variance.size() == width,
                  "gamma, beta and statistics must be as long as the channels");
    std::vector<int64_t> dims;
    for (int axis = 0; axis < x.rank(); ++axis) dims.push_back(x.dim(axis));
    float *dx = call.Output(0, dims).data();
    float *dgamma = call.Output(1, {width}).data();
    float *dbeta = call.Output(2, {width}).data();
    float *dresidual = call.Output(3, has_residual_ ? dims : std::vector<int64_t>{0}).data();
    std::vector<float> inverse(static_cast<size_t>(width)), scale(static_cast<size_t>(width));
    for (int64_t c = 0; c < width; ++c) {
      inverse[c] = InverseDeviation(variance.data()[c], epsilon_);
      scale[c] = ScaleOf(gamma.data()[c], variance.data()[c], epsilon_);
    }
    const Given given{dy.data(), x.data(), mean.data(), scale.data(), beta.data(), has_sum ? y.data() : nullptr, width};
    const Scratch memory(static_cast<size_t>(2 * chunks.count * width));
    float *sums = memory.data();
    float *products = sums + chunks.count * width;
    chunks.ForEach([&](int chunk, int64_t first, int64_t end) {
      float *sum = sums + chunk * width, *product = products + chunk * width;
      if (has_sum) Sum<Mask::kBySum>(given, first, end, sum, product, dresidual);
      else if (relu_) Sum<Mask::kByX>(given, first, end, sum, product, nullptr);
      else Sum<Mask::kNone>(given, first, end, sum, product, has_residual_ ? dresidual : nullptr);
    });
    std::vector<float> slope(static_cast<size_t>(width)), tilt(static_cast<size_t>(width));
    std::vector<float> offset(static_cast<size_t>(width));
    const double all = static_cast<double>(std::max<int64_t>(1, chunks.rows));
    for (int64_t c = 0; c < width; ++c) {
      double sum = 0, product = 0;
      for (int chunk = 0; chunk < chunks.count; ++chunk) {
        sum += sums[chunk * width + c];
        product += products[chunk * width + c];
      }
      product *= inverse[c];
      dgamma[c] = static_cast<float>(product);
      dbeta[c] = static_cast<float>(sum);
      slope[c] = gamma.data()[c] * inverse[c];
      tilt[c] = static_cast<float>(product / all * inverse[c]);
      offset[c] = static_cast<float>(sum / all);
    }
    chunks.ForEach([&](int, int64_t first, int64_t end) {
      // What was masked already is not masked again.
      Given masked = given;
      if (has_residual_) masked.dy = dresidual;
      const Slopes slopes{slope.data(), tilt.data(), offset.data()};
      if (relu_ && !has_residual_) Differentiate<Mask::kByX>(masked, slopes, first, end, dx);
      else Differentiate<Mask::kNone>(masked, slopes, first, end, dx);
    });
  }

 private:
  /** Where dy is nothing: nowhere, where relu's result y was not above 0, or where that of x alone was not. */
  enum class Mask { kNone, kBySum, kByX };

  struct Given {
    const float *dy, *x, *mean, *scale, *beta, *y;
    int64_t width;
  };

  /** Of each channel, see `Differentiate`. */
  struct Slopes {
    const float *slope, *tilt, *offset;
  };

  /** Of V vectors of channels. */
  template <int V>
  struct Statistics {
    Statistics(const Given &given, int64_t channel, int lanes)
        : mean(LoadBlock<V>(given.mean + channel, lanes)),
          scale(LoadBlock<V>(given.scale + channel, lanes)),
          beta(LoadBlock<V>(given.beta + channel, lanes)) {}
    Vectors<V> mean, scale, beta;
  };

  template <Mask kMask, int V>
  static Vectors<V> LoadMasked(const Given &given, const Statistics<V> &statistics, const Vectors<V> &x, int64_t at, int lanes) {
    Vectors<V> values = LoadBlock<V>(given.dy + at, lanes);
    if constexpr (kMask == Mask::kNone) return values;
    Vectors<V> made{};
    if constexpr (kMask == Mask::kBySum) made = LoadBlock<V>(given.y + at, lanes);
    for (int v = 0; v < V; ++v) {
      if constexpr (kMask == Mask::kByX)
        made.of[v] = Normalized(x.of[v], statistics.mean.of[v], statistics.scale.of[v], statistics.beta.of[v]);
      values.of[v] = Select(made.of[v] > Vec{}, values.of[v], Vec{});
    }
    return values;
  }

  template <Mask kMask>
  static void Sum(const Given &given, int64_t first, int64_t end, float *sums, float *products, float *masked) {
    ForBlocks(given.width, [&](auto block, int64_t channel, int lanes) {
      constexpr int V = decltype(block)::kVectors;
      const Statistics<V> statistics(given, channel, lanes);
      Vectors<V> sum{}, product{};
      for (int64_t row = first; row < end; ++row) {
        const int64_t at = row * given.width + channel;
        const Vectors<V> x = LoadBlock<V>(given.x + at, lanes), dy = LoadMasked<kMask, V>(given, statistics, x, at, lanes);
        if (masked) StoreBlock<V>(masked + at, dy, lanes);
        for (int v = 0; v < V; ++v) {
          sum.of[v] += dy.of[v];
          product.of[v] += dy.of[v] * (x.of[v] - statistics.mean.of[v]);
        }
      }
      StoreBlock<V>(sums + channel, sum, lanes);
      StoreBlock<V>(products + channel, product, lanes);
    });
  }

  /** dx = gamma / deviation (dy - mean(dy) - n mean(dy n)), with n the normalized x. */
  template <Mask kMask>
  static void Differentiate(const Given &given, const Slopes &of, int64_t first, int64_t end, float *dx) {
    ForBlocks(given.width, [&](auto block, int64_t channel, int lanes) {
      constexpr int V = decltype(block)::kVectors;
      const Statistics<V> statistics(given, channel, lanes);
      const auto slopes = LoadBlock<V>(of.slope + channel, lanes), tilts = LoadBlock<V>(of.tilt + channel, lanes);
      const auto offsets = LoadBlock<V>(of.offset + channel, lanes);
      for (int64_t row = first; row < end; ++row) {
        const int64_t at = row * given.width + channel;
        const Vectors<V> x = LoadBlock<V>(given.x + at, lanes);
        Vectors<V> dy = LoadMasked<kMask, V>(given, statistics, x, at, lanes);
        for (int v = 0; v < V; ++v)
          dy.of[v] = (dy.of[v] - offsets.of[v] - (x.of[v] - statistics.mean.of[v]) * tilts.of[v]) * slopes.of[v];
        StoreBlock<V>(dx + at, dy, lanes);
      }
    });
  }

  float epsilon_;
  bool relu_, has_residual_;
};

}  // namespace

void RegisterBatchNormOps() {
  RegisterOp<BatchNorm>();
  RegisterOp<BatchNormGradient>();
}

}  // namespace dlctl
