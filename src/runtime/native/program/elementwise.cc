// Functions of each number of a tensor, and of pairs of numbers of two.
#include "broadcast.h"
#include "functions.h"
#include "parallel_parts.h"
#include "program_ops.h"
#include "../ops/row.h"

namespace dlctl {
namespace {

/** Of floats; `Function` is called with vectors, whose last lanes may be 0. */
template <class Function>
class Unary {
 public:
  explicit Unary(const Attributes &attributes) : function_(attributes) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    RequireFloats(x);
    const Tensor y = call.OutputOver(0, {0}, x.dims());
    ParallelParts(x.size(), Function::kWork, [&](int64_t first, int64_t end) {
      ForVectors(end - first, [&](int64_t at, int count) {
        StoreSome(y.data() + first + at, function_(LoadSome(x.data() + first + at, count)), count);
      });
    });
  }

 private:
  Function function_;
};

/** A function without attributes. `kWork`: what a number of it costs, in parts of the cheapest. */
#define DLCTL_UNARY(name, work, expression)         \
  struct name {                                     \
    static constexpr int kWork = work;              \
    explicit name(const Attributes &) {}            \
    Vec operator()(Vec x) const { return expression; } \
  };

DLCTL_UNARY(AbsOf, 1, Abs(x))
DLCTL_UNARY(NegOf, 1, -x)
DLCTL_UNARY(SquareOf, 1, x *x)
DLCTL_UNARY(SqrtOf, 1, Sqrt(x))
DLCTL_UNARY(RsqrtOf, 2, 1.0f / Sqrt(x))
DLCTL_UNARY(ReciprocalOf, 1, 1.0f / x)
DLCTL_UNARY(ReluOf, 1, Max(x, Vec{}))
DLCTL_UNARY(Relu6Of, 1, Min(Max(x, Vec{}), Broadcast(6.0f)))
DLCTL_UNARY(SigmoidOf, 4, Sigmoid(x))
DLCTL_UNARY(TanhOf, 6, Tanh(x))
DLCTL_UNARY(ExpOf, 6, FullExp(x))
DLCTL_UNARY(Expm1Of, 8, ExpMinusOne(x))
DLCTL_UNARY(LogOf, 6, Log(x))
DLCTL_UNARY(SoftplusOf, 6, Softplus(x))
DLCTL_UNARY(SoftsignOf, 2, x / (1.0f + Abs(x)))
DLCTL_UNARY(EluOf, 8, Select(x < Vec{}, ExpMinusOne(Min(x, Vec{})), x))
DLCTL_UNARY(SeluOf, 8, 1.05070098f * Select(x < Vec{}, 1.67326324f * ExpMinusOne(Min(x, Vec{})), x))
DLCTL_UNARY(ErfOf, 8, Erf(x))
#undef DLCTL_UNARY

struct LeakyReluOf {
  static constexpr int kWork = 1;
  explicit LeakyReluOf(const Attributes &attributes) : alpha(attributes.Float("alpha")) {}
  Vec operator()(Vec x) const { return Select(x < Vec{}, x * alpha, x); }
  float alpha;
};

/** Zeros or ones like a tensor of any type. */
template <int kValue>
class FilledLike {
 public:
  explicit FilledLike(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const Tensor y = call.Output(0, x.dims(), x.dtype());
    if (x.dtype() == TF_FLOAT) std::fill_n(y.data(), y.size(), static_cast<float>(kValue));
    else if (x.dtype() == TF_INT32) std::fill_n(y.data<int32_t>(), y.size(), kValue);
    else if (SizeOfType(x.dtype()) == 1) std::fill_n(y.data<uint8_t>(), y.size(), kValue);
    else throw std::invalid_argument("numbers are of an unknown type");
  }
};

/** A run of `count` pairs; a step is 0 where one number meets all of the other's. */
template <class Function>
void RunOfPairs(const float *a, int64_t a_step, const float *b, int64_t b_step, int64_t count, float *y) {
  const Function function;
  if (a_step > 1 || b_step > 1) {
    for (int64_t at = 0; at < count; ++at)
      y[at] = function(Broadcast(a[at * a_step]), Broadcast(b[at * b_step]))[0];
    return;
  }
  const Vec a_all = Broadcast(count > 0 ? a[0] : 0), b_all = Broadcast(count > 0 ? b[0] : 0);
  ForVectors(count, [&](int64_t at, int lanes) {
    const Vec left = a_step == 0 ? a_all : LoadSome(a + at, lanes), right = b_step == 0 ? b_all : LoadSome(b + at, lanes);
    StoreSome(y + at, function(left, right), lanes);
  });
}

template <class Function, class Element, class Result>
void RunOfPairs(const Element *a, int64_t a_step, const Element *b, int64_t b_step, int64_t count, Result *y) {
  const Function function;
  for (int64_t at = 0; at < count; ++at) y[at] = static_cast<Result>(function(a[at * a_step], b[at * b_step]));
}

template <class Run>
void ForBroadcast(const Broadcast2 &pairs, const Run &run) {
  // A long run alone is cut up too.
  if (pairs.rows() == 1) {
    ParallelParts(pairs.width(), 1, [&](int64_t first, int64_t end) {
      run(first, first * pairs.a_steps[pairs.rank - 1], first * pairs.b_steps[pairs.rank - 1], end - first);
    });
    return;
  }
  ParallelParts(pairs.rows(), pairs.width(), [&](int64_t first, int64_t end) {
    pairs.ForRows(first, end, [&](int64_t row, int64_t a, int64_t b) { run(row * pairs.width(), a, b, pairs.width()); });
  });
}

/** Of floats or integers, with a result of their type. */
template <class Function>
class Arithmetic {
 public:
  explicit Arithmetic(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor a = call.Input(0), b = call.Input(1);
    const Broadcast2 pairs(a.dims(), b.dims());
    Call::Require(a.dtype() == b.dtype() && (a.dtype() == TF_FLOAT || a.dtype() == TF_INT32),
                  "numbers must be floats or integers");
    const Tensor y = call.OutputOver(0, {0, 1}, pairs.dims, a.dtype());
    if (y.size() == 0) return;
    if (a.dtype() == TF_FLOAT) ComputeAs<float>(pairs, a, b, y);
    else ComputeAs<int32_t>(pairs, a, b, y);
  }

 private:
  template <class Element>
  static void ComputeAs(const Broadcast2 &pairs, const Tensor &a, const Tensor &b, const Tensor &y) {
    const int64_t a_step = pairs.a_steps[pairs.rank - 1], b_step = pairs.b_steps[pairs.rank - 1];
    ForBroadcast(pairs, [&](int64_t to, int64_t from_a, int64_t from_b, int64_t count) {
      RunOfPairs<Function>(a.data<Element>() + from_a, a_step, b.data<Element>() + from_b, b_step, count,
                           y.data<Element>() + to);
    });
  }
};

/** Of floats, integers or booleans, with a boolean as the result. */
template <class Function>
class Comparison {
 public:
  explicit Comparison(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor a = call.Input(0), b = call.Input(1);
    const Broadcast2 pairs(a.dims(), b.dims());
    Call::Require(a.dtype() == b.dtype(), "numbers must be of one type");
    const Tensor y = call.Output(0, pairs.dims, TF_BOOL);
    if (y.size() == 0) return;
    if (a.dtype() == TF_FLOAT) ComputeAs<float>(pairs, a, b, y);
    else if (a.dtype() == TF_INT32) ComputeAs<int32_t>(pairs, a, b, y);
    else if (SizeOfType(a.dtype()) == 1) ComputeAs<uint8_t>(pairs, a, b, y);
    else throw std::invalid_argument("numbers are of an unknown type");
  }

 private:
  template <class Element>
  static void ComputeAs(const Broadcast2 &pairs, const Tensor &a, const Tensor &b, const Tensor &y) {
    const int64_t a_step = pairs.a_steps[pairs.rank - 1], b_step = pairs.b_steps[pairs.rank - 1];
    ForBroadcast(pairs, [&](int64_t to, int64_t from_a, int64_t from_b, int64_t count) {
      const Element *const left = a.data<Element>() + from_a, *const right = b.data<Element>() + from_b;
      uint8_t *const results = y.data<uint8_t>() + to;
      const Function function;
      for (int64_t at = 0; at < count; ++at) results[at] = function(left[at * a_step], right[at * b_step]);
    });
  }
};

#define DLCTL_PAIR(name, of_floats, of_integers)                          \
  struct name {                                                           \
    Vec operator()(Vec a, Vec b) const { return of_floats; }              \
    int32_t operator()(int32_t a, int32_t b) const { return of_integers; } \
  };

/** Integers wrap around, as TensorFlow's do. */
inline int32_t Wrapped(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value)); }
int32_t Quotient(int32_t a, int32_t b) {
  Call::Require(b != 0, "an integer is divided by 0");
  return Wrapped(int64_t{a} / b);
}

DLCTL_PAIR(AddOf, a + b, Wrapped(int64_t{a} + b))
DLCTL_PAIR(SubOf, a - b, Wrapped(int64_t{a} - b))
DLCTL_PAIR(MulOf, a *b, Wrapped(int64_t{a} * b))
DLCTL_PAIR(DivOf, a / b, Quotient(a, b))
DLCTL_PAIR(MaximumOf, Max(a, b), std::max(a, b))
DLCTL_PAIR(MinimumOf, Min(a, b), std::min(a, b))
DLCTL_PAIR(SquaredDifferenceOf, (a - b) * (a - b), Wrapped((int64_t{a} - b) * (int64_t{a} - b)))
#undef DLCTL_PAIR

#define DLCTL_COMPARISON(name, expression)                            \
  struct name {                                                       \
    template <class Element>                                          \
    bool operator()(Element a, Element b) const { return expression; } \
  };

DLCTL_COMPARISON(GreaterOf, a > b)
DLCTL_COMPARISON(GreaterEqualOf, a >= b)
DLCTL_COMPARISON(LessOf, a < b)
DLCTL_COMPARISON(LessEqualOf, a <= b)
DLCTL_COMPARISON(EqualOf, a == b)
DLCTL_COMPARISON(NotEqualOf, a != b)
DLCTL_COMPARISON(AndOf, a &&b)
DLCTL_COMPARISON(OrOf, a || b)
#undef DLCTL_COMPARISON

class LogicalNot {
 public:
  explicit LogicalNot(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    Call::Require(x.dtype() == TF_BOOL, "booleans are needed");
    const Tensor y = call.Output(0, x.dims(), TF_BOOL);
    for (int64_t at = 0; at < x.size(); ++at) y.data<uint8_t>()[at] = x.data<uint8_t>()[at] == 0;
  }
};

/** A number of `a` where the condition holds, else of `b`; all three of one shape, or the condition a vector of whole examples. */
class Choose {
 public:
  explicit Choose(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor condition = call.Input(0), a = call.Input(1), b = call.Input(2);
    Call::Require(condition.dtype() == TF_BOOL && a.dims() == b.dims() && a.dtype() == b.dtype() &&
                      SizeOfType(a.dtype()) == 4 && condition.size() > 0 && a.size() % condition.size() == 0 &&
                      (condition.dims() == a.dims() ||
                       (condition.rank() == 1 && a.rank() > 0 && condition.dim(0) == a.dim(0))),
                  "the condition does not fit");
    const Tensor y = call.Output(0, a.dims(), a.dtype());
    const int64_t run = a.size() / condition.size();
    for (int64_t at = 0; at < condition.size(); ++at) {
      const Tensor &from = condition.data<uint8_t>()[at] ? a : b;
      std::copy_n(from.data<int32_t>() + at * run, run, y.data<int32_t>() + at * run);
    }
  }
};

/** A number for each channel, which is the last axis. */
class BiasAdd {
 public:
  explicit BiasAdd(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0), bias = call.Input(1, 1);
    RequireFloats(x);
    RequireFloats(bias);
    Call::Require(x.rank() > 0 && bias.dim(0) == x.dim(x.rank() - 1), "the bias must have a number for each channel");
    const Tensor y = call.OutputOver(0, {0}, x.dims());
    const int64_t width = bias.size();
    if (x.size() == 0) return;
    ParallelParts(x.size() / width, width, [&](int64_t first, int64_t end) {
      for (int64_t row = first; row < end; ++row)
        RunOfPairs<AddOf>(x.data() + row * width, 1, bias.data(), 1, width, y.data() + row * width);
    });
  }
};

/** Batch normalization by averages: a factor and an offset for each channel. */
class FusedBatchNorm {
 public:
  explicit FusedBatchNorm(const Attributes &attributes) : epsilon_(attributes.Float("epsilon")) {
    Call::Require(!attributes.Bool("is_training") && attributes.Text("data_format") == "NHWC",
                  "it takes averages, of channels that are the last axis");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 4), scale = call.Input(1, 1), offset = call.Input(2, 1);
    const Tensor mean = call.Input(3, 1), variance = call.Input(4, 1);
    const int64_t width = x.dim(3);
    for (const Tensor &tensor : {x, scale, offset, mean, variance}) RequireFloats(tensor);
    for (const Tensor &tensor : {scale, offset, mean, variance})
      Call::Require(tensor.size() == width, "there must be a number for each channel");
    const Scratch factors(2 * width);
    float *const shifts = factors.data() + width;
    for (int64_t channel = 0; channel < width; ++channel) {
      factors.data()[channel] = scale.data()[channel] / sqrtf(variance.data()[channel] + epsilon_);
      shifts[channel] = offset.data()[channel] - mean.data()[channel] * factors.data()[channel];
    }
    const Tensor y = call.OutputOver(0, {0}, x.dims());
    if (x.size() == 0) return;
    ParallelParts(x.size() / width, width, [&](int64_t first, int64_t end) {
      for (int64_t row = first; row < end; ++row)
        ForVectors(width, [&](int64_t at, int count) {
          const Vec value = LoadSome(x.data() + row * width + at, count);
          StoreSome(y.data() + row * width + at,
                    value * LoadSome(factors.data() + at, count) + LoadSome(shifts + at, count), count);
        });
    });
  }

 private:
  float epsilon_;
};

/** Between floats, integers, bytes and booleans. */
class Cast {
 public:
  explicit Cast(const Attributes &attributes) : to_(static_cast<TF_DataType>(attributes.Int("DstT"))) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    if (x.dtype() == to_) {
      call.OutputView(0, 0, x.dims());
      return;
    }
    const Tensor y = call.Output(0, x.dims(), to_);
    if (x.dtype() == TF_FLOAT) From<float>(x, y);
    else if (x.dtype() == TF_INT32) From<int32_t>(x, y);
    else if (SizeOfType(x.dtype()) == 1) From<uint8_t>(x, y);
    else throw std::invalid_argument("numbers are of an unknown type");
  }

 private:
  template <class Source>
  static void From(const Tensor &x, const Tensor &y) {
    if (y.dtype() == TF_FLOAT) To<Source, float>(x, y);
    else if (y.dtype() == TF_INT32) To<Source, int32_t>(x, y);
    else if (y.dtype() == TF_BOOL) To<Source, bool>(x, y);
    else throw std::invalid_argument("numbers become of an unknown type");
  }

  template <class Source, class Target>
  static void To(const Tensor &x, const Tensor &y) {
    const Source *const from = x.data<Source>();
    Target *const to = y.data<Target>();
    ParallelParts(x.size(), 1, [&](int64_t first, int64_t end) {
      for (int64_t at = first; at < end; ++at) to[at] = Converted<Target>(from[at]);
    });
  }

  template <class Target, class Source>
  static Target Converted(Source value) {
    return static_cast<Target>(value);
  }

  TF_DataType to_;
};

/** Beyond what an integer holds, C++ promises nothing. */
template <>
int32_t Cast::Converted<int32_t, float>(float value) {
  if (!(value > -2147483904.0f)) return INT32_MIN;
  return value >= 2147483648.0f ? INT32_MAX : static_cast<int32_t>(value);
}

}  // namespace

void RegisterElementwiseOps() {
  RegisterProgramOp<Unary<AbsOf>>("Abs");
  RegisterProgramOp<Unary<NegOf>>("Neg");
  RegisterProgramOp<Unary<SquareOf>>("Square");
  RegisterProgramOp<Unary<SqrtOf>>("Sqrt");
  RegisterProgramOp<Unary<RsqrtOf>>("Rsqrt");
  RegisterProgramOp<Unary<ReciprocalOf>>("Reciprocal");
  RegisterProgramOp<Unary<ReluOf>>("Relu");
  RegisterProgramOp<Unary<Relu6Of>>("Relu6");
  RegisterProgramOp<Unary<LeakyReluOf>>("LeakyRelu");
  RegisterProgramOp<Unary<SigmoidOf>>("Sigmoid");
  RegisterProgramOp<Unary<TanhOf>>("Tanh");
  RegisterProgramOp<Unary<ExpOf>>("Exp");
  RegisterProgramOp<Unary<Expm1Of>>("Expm1");
  RegisterProgramOp<Unary<LogOf>>("Log");
  RegisterProgramOp<Unary<SoftplusOf>>("Softplus");
  RegisterProgramOp<Unary<SoftsignOf>>("Softsign");
  RegisterProgramOp<Unary<EluOf>>("Elu");
  RegisterProgramOp<Unary<SeluOf>>("Selu");
  RegisterProgramOp<Unary<ErfOf>>("Erf");
  RegisterProgramOp<FilledLike<0>>("ZerosLike");
  RegisterProgramOp<FilledLike<1>>("OnesLike");
  for (const char *name : {"Add", "AddV2"}) RegisterProgramOp<Arithmetic<AddOf>>(name);
  RegisterProgramOp<Arithmetic<SubOf>>("Sub");
  RegisterProgramOp<Arithmetic<MulOf>>("Mul");
  for (const char *name : {"Div", "RealDiv"}) RegisterProgramOp<Arithmetic<DivOf>>(name);
  RegisterProgramOp<Arithmetic<MaximumOf>>("Maximum");
  RegisterProgramOp<Arithmetic<MinimumOf>>("Minimum");
  RegisterProgramOp<Arithmetic<SquaredDifferenceOf>>("SquaredDifference");
  RegisterProgramOp<Comparison<GreaterOf>>("Greater");
  RegisterProgramOp<Comparison<GreaterEqualOf>>("GreaterEqual");
  RegisterProgramOp<Comparison<LessOf>>("Less");
  RegisterProgramOp<Comparison<LessEqualOf>>("LessEqual");
  RegisterProgramOp<Comparison<EqualOf>>("Equal");
  RegisterProgramOp<Comparison<NotEqualOf>>("NotEqual");
  RegisterProgramOp<Comparison<AndOf>>("LogicalAnd");
  RegisterProgramOp<Comparison<OrOf>>("LogicalOr");
  RegisterProgramOp<LogicalNot>("LogicalNot");
  RegisterProgramOp<Choose>("Select");
  RegisterProgramOp<BiasAdd>("BiasAdd");
  RegisterProgramOp<FusedBatchNorm>("FusedBatchNorm");
  RegisterProgramOp<Cast>("Cast");
}

}  // namespace dlctl
