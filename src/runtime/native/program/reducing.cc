// Sums, means and the like over axes, and softmax.
#include <memory>

#include "../ops/row.h"
#include "functions.h"
#include "inputs.h"
#include "parallel_parts.h"
#include "program_ops.h"

namespace dlctl {
namespace {

/** x as [outer, reduced, inner], where the axes that are reduced lie side by side; where they do not, as several such steps. */
struct ReducedAxes {
  ReducedAxes(const Dims &dims, const std::vector<int64_t> &axes, bool keeps) {
    bool is_reduced[Dims::kMost] = {};
    for (const int64_t axis : axes) is_reduced[AxisOf(axis, dims.rank())] = true;
    int64_t sizes[Dims::kMost];
    int rank = 0;
    steps.push_back({1, 1, 1});
    for (int axis = 0; axis < dims.rank(); ++axis) {
      const int64_t size = dims[axis];
      if (!is_reduced[axis]) sizes[rank++] = size;
      else if (keeps) sizes[rank++] = 1;
      // An axis of one number is both.
      if (size == 1) continue;
      if (is_reduced[axis]) {
        count *= size;
        // Numbers behind one reduced axis and before the next.
        if (steps.back().inner != 1 && steps.back().reduced != 1)
          steps.push_back({steps.back().outer * steps.back().reduced * steps.back().inner, 1, 1});
        else if (steps.back().reduced == 1) steps.back() = {steps.back().outer * steps.back().inner, 1, 1};
        steps.back().reduced *= size;
      } else {
        steps.back().inner *= size;
      }
    }
    // They are done from the last to the first, so that each sees what those behind it have left.
    int64_t behind = 1;
    for (size_t at = steps.size(); at-- > 0;) {
      steps[at].inner *= behind;
      behind = steps[at].inner;
    }
    result = Dims(sizes, rank);
  }

  struct Step {
    int64_t outer, reduced, inner;
  };

  Dims result;
  /** How many numbers become one. */
  int64_t count = 1;
  std::vector<Step> steps;
};

struct SumOfAll {
  static constexpr float kStart = 0;
  static Vec Join(Vec a, Vec b) { return a + b; }
  static float JoinLanes(Vec a) { return SumOf(a); }
};

struct LargestOfAll {
  static constexpr float kStart = -__builtin_inff();
  static Vec Join(Vec a, Vec b) { return Max(a, b); }
  static float JoinLanes(Vec a) { return LargestOf(a); }
};

struct SmallestOfAll {
  static constexpr float kStart = __builtin_inff();
  static Vec Join(Vec a, Vec b) { return Min(a, b); }
  static float JoinLanes(Vec a) { return -LargestOf(-a); }
};

/** The first `count` numbers, and the neutral one in the other lanes. */
template <class Kind>
Vec LoadNeutral(const float *from, int count) {
  if (count >= kLanes) return Load(from);
  float lanes[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) lanes[lane] = lane < count ? from[lane] : Kind::kStart;
  return Load(lanes);
}

/** So many are joined by themselves first: long sums would lose digits. */
constexpr int64_t kRunLength = 64;

template <class Kind>
float ReduceRow(const float *row, int64_t count) {
  Vec total = Broadcast(Kind::kStart);
  for (int64_t first = 0; first < count; first += kRunLength * kLanes) {
    Vec run = Broadcast(Kind::kStart);
    ForVectors(std::min(kRunLength * kLanes, count - first), [&](int64_t at, int lanes) {
      run = Kind::Join(run, LoadNeutral<Kind>(row + first + at, lanes));
    });
    total = Kind::Join(total, run);
  }
  return Kind::JoinLanes(total);
}

template <class Kind, bool kIsMean = false>
class Reduce {
 public:
  explicit Reduce(const Attributes &attributes) : keeps_(attributes.Bool("keep_dims")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    RequireFloats(x);
    const ReducedAxes axes(x.dims(), IntegersOf(call.Input(1)), keeps_);
    const Tensor y = call.Output(0, axes.result);
    const float share = kIsMean ? 1.0f / static_cast<float>(axes.count) : 1.0f;
    const float *from = x.data();
    std::unique_ptr<Scratch> left;
    for (size_t step = axes.steps.size(); step-- > 1;) {
      auto to = std::make_unique<Scratch>(axes.steps[step].outer * axes.steps[step].inner);
      Do(axes.steps[step], from, 1, to->data());
      left = std::move(to);
      from = left->data();
    }
    Do(axes.steps[0], from, share, y.data());
  }

 private:
  static void Do(const ReducedAxes::Step &step, const float *x, float share, float *y) {
    if (step.inner == 1) {
      ParallelParts(step.outer, step.reduced, [&](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; ++row)
          y[row] = ReduceRow<Kind>(x + row * step.reduced, step.reduced) * share;
      });
      return;
    }
    ParallelParts(step.outer, step.reduced * step.inner, [&](int64_t first, int64_t end) {
      for (int64_t outer = first; outer < end; ++outer) {
        const float *const from = x + outer * step.reduced * step.inner;
        ForVectors(step.inner, [&](int64_t at, int count) {
          Vec total = Broadcast(Kind::kStart);
          for (int64_t start = 0; start < step.reduced; start += kRunLength) {
            Vec run = Broadcast(Kind::kStart);
            for (int64_t row = start; row < std::min(step.reduced, start + kRunLength); ++row)
              run = Kind::Join(run, LoadSome(from + row * step.inner + at, count));
            total = Kind::Join(total, run);
          }
          StoreSome(y + outer * step.inner + at, total * share, count);
        });
      }
    });
  }

  bool keeps_;
};

/** Whether any, or all, of the booleans hold. */
template <bool kIsAll>
class ReduceBooleans {
 public:
  explicit ReduceBooleans(const Attributes &attributes) : keeps_(attributes.Bool("keep_dims")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    Call::Require(x.dtype() == TF_BOOL, "booleans are needed");
    const ReducedAxes axes(x.dims(), IntegersOf(call.Input(1)), keeps_);
    Call::Require(axes.steps.size() == 1, "axes of booleans must lie side by side");
    const auto [outer, reduced, inner] = axes.steps[0];
    const Tensor y = call.Output(0, axes.result, TF_BOOL);
    for (int64_t at = 0; at < outer * inner; ++at) {
      const uint8_t *const from = x.data<uint8_t>() + at / inner * reduced * inner + at % inner;
      bool result = kIsAll;
      for (int64_t row = 0; row < reduced; ++row)
        result = kIsAll ? result && from[row * inner] : result || from[row * inner];
      y.data<uint8_t>()[at] = result;
    }
  }

 private:
  bool keeps_;
};

/** Over the last axis; its logarithm where asked for. */
template <bool kIsLog>
class Softmax {
 public:
  explicit Softmax(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    RequireFloats(x);
    Call::Require(x.rank() > 0, "a row of numbers is needed");
    const Tensor y = call.OutputOver(0, {0}, x.dims());
    const int64_t width = x.dim(x.rank() - 1);
    if (x.size() == 0) return;
    ParallelParts(x.size() / width, width * 8, [&](int64_t first, int64_t end) {
      for (int64_t row = first; row < end; ++row) Row(x.data() + row * width, width, y.data() + row * width);
    });
  }

 private:
  static void Row(const float *from, int64_t width, float *to) {
    const Vec largest = Broadcast(ReduceRow<LargestOfAll>(from, width));
    Vec sums{};
    ForVectors(width, [&](int64_t at, int count) {
      const Vec below = LoadSome(from + at, count) - largest;
      const Vec share = FullExp(below);
      StoreSome(to + at, kIsLog ? below : share, count);
      sums += FirstLanes(share, count);
    });
    const Vec sum = Broadcast(SumOf(sums)), log_of_sum = kIsLog ? Log(sum) : Vec{};
    ForVectors(width, [&](int64_t at, int count) {
      const Vec value = LoadSome(to + at, count);
      StoreSome(to + at, kIsLog ? value - log_of_sum : value / sum, count);
    });
  }
};

/** Sums of all numbers up to each along an axis. */
class CumulativeSum {
 public:
  explicit CumulativeSum(const Attributes &attributes)
      : leaves_own_out_(attributes.Bool("exclusive")), is_backwards_(attributes.Bool("reverse")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const int axis = AxisOf(IntegerOf(call.Input(1)), x.rank());
    const Tensor y = call.Output(0, x.dims(), x.dtype());
    const int64_t outer = SizeOfAxes(x.dims(), 0, axis), inner = SizeOfAxes(x.dims(), axis + 1, x.rank());
    if (x.dtype() == TF_FLOAT) Add(x.data(), y.data(), outer, x.dim(axis), inner);
    // Integers wrap around.
    else if (x.dtype() == TF_INT32) Add(x.data<uint32_t>(), y.data<uint32_t>(), outer, x.dim(axis), inner);
    else throw std::invalid_argument("numbers must be floats or integers");
  }

 private:
  template <class Element>
  void Add(const Element *x, Element *y, int64_t outer, int64_t size, int64_t inner) const {
    for (int64_t row = 0; row < outer * inner; ++row) {
      const int64_t first = row / inner * size * inner + row % inner;
      Element sum = 0;
      for (int64_t step = 0; step < size; ++step) {
        const int64_t at = first + (is_backwards_ ? size - 1 - step : step) * inner;
        const Element value = x[at];
        y[at] = leaves_own_out_ ? sum : sum + value;
        sum += value;
      }
    }
  }

  bool leaves_own_out_, is_backwards_;
};

/** The place of the greatest number of each row of the last axis, the first where there are several. */
class ArgMax {
 public:
  explicit ArgMax(const Attributes &attributes) {
    Call::Require(attributes.Int("output_type") == TF_INT32, "places are integers of 32 bits");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    RequireFloats(x);
    const int axis = AxisOf(IntegerOf(call.Input(1)), x.rank());
    Call::Require(axis == x.rank() - 1 && x.dim(axis) > 0, "only rows of the last axis are looked through");
    const Tensor y = call.Output(0, WithoutAxis(x.dims(), axis), TF_INT32);
    const int64_t width = x.dim(axis);
    for (int64_t row = 0; row < y.size(); ++row) {
      const float *const from = x.data() + row * width;
      y.data<int32_t>()[row] = static_cast<int32_t>(std::max_element(from, from + width) - from);
    }
  }
};

}  // namespace

void RegisterReducingOps() {
  RegisterProgramOp<Reduce<SumOfAll>>("Sum");
  RegisterProgramOp<Reduce<SumOfAll, true>>("Mean");
  RegisterProgramOp<Reduce<LargestOfAll>>("Max");
  RegisterProgramOp<Reduce<SmallestOfAll>>("Min");
  RegisterProgramOp<ReduceBooleans<false>>("Any");
  RegisterProgramOp<ReduceBooleans<true>>("All");
  RegisterProgramOp<Softmax<false>>("Softmax");
  RegisterProgramOp<Softmax<true>>("LogSoftmax");
  RegisterProgramOp<CumulativeSum>("Cumsum");
  RegisterProgramOp<ArgMax>("ArgMax");
}

}  // namespace dlctl
