// Constants that depend on the number of examples (src/engine/graph/batch-constant.ts): integers, a number, many equal ones,
// or 0, 1, 2 and so on.
#include "inputs.h"
#include "program_ops.h"

namespace dlctl {
namespace {

/** What `factors` times the number of examples plus `offsets` give. */
class BatchIntegers {
 public:
  BatchIntegers(const Attributes &attributes, const char *factors, const char *offsets)
      : factors_(attributes.Ints(factors)), offsets_(attributes.Ints(offsets)) {
    Call::Require(factors_.size() == offsets_.size(), "each integer needs a factor and an offset");
  }

  std::vector<int64_t> Of(int64_t batch) const {
    std::vector<int64_t> values(factors_.size());
    for (size_t at = 0; at < values.size(); ++at) {
      const bool fits = !__builtin_mul_overflow(factors_[at], batch, &values[at]) &&
                        !__builtin_add_overflow(values[at], offsets_[at], &values[at]) && values[at] == static_cast<int32_t>(values[at]);
      Call::Require(fits, "a size does not fit 32 bits");
    }
    return values;
  }

 private:
  std::vector<int64_t> factors_, offsets_;
};

/** A number times a power of the number of examples. */
float ScaledByBatch(float value, int64_t power, int64_t batch) {
  const float size = static_cast<float>(batch);
  return power > 0 ? value * size : power < 0 ? value / size : value;
}

class BatchIntegersOp {
 public:
  explicit BatchIntegersOp(const Attributes &attributes)
      : values_(attributes, "factors", "offsets"), is_scalar_(attributes.Bool("scalar")) {}

  void Compute(Call &call) const {
    const std::vector<int64_t> values = values_.Of(call.batch());
    Call::Require(!is_scalar_ || values.size() == 1, "a scalar is one integer");
    const Tensor y = call.Output(0, is_scalar_ ? Dims{} : Dims{static_cast<int64_t>(values.size())}, TF_INT32);
    std::copy(values.begin(), values.end(), y.data<int32_t>());
  }

 private:
  BatchIntegers values_;
  bool is_scalar_;
};

class BatchFill {
 public:
  explicit BatchFill(const Attributes &attributes)
      : shape_(attributes, "factors", "offsets"),
        value_(attributes.Float("value")),
        power_(attributes.Int("power")),
        dtype_(static_cast<TF_DataType>(attributes.Int("dtype"))) {
    Call::Require(dtype_ == TF_FLOAT || ((dtype_ == TF_INT32 || SizeOfType(dtype_) == 1) && power_ == 0),
                  "only floats grow with the batch");
  }

  void Compute(Call &call) const {
    const Tensor y = call.Output(0, shape_.Of(call.batch()), dtype_);
    if (dtype_ == TF_FLOAT) std::fill_n(y.data(), y.size(), ScaledByBatch(value_, power_, call.batch()));
    else if (dtype_ == TF_INT32) std::fill_n(y.data<int32_t>(), y.size(), static_cast<int32_t>(value_));
    else std::fill_n(y.data<uint8_t>(), y.size(), static_cast<uint8_t>(value_));
  }

 private:
  BatchIntegers shape_;
  float value_;
  int64_t power_;
  TF_DataType dtype_;
};

class BatchRange {
 public:
  explicit BatchRange(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor y = call.Output(0, {call.batch()}, TF_INT32);
    for (int64_t at = 0; at < y.size(); ++at) y.data<int32_t>()[at] = static_cast<int32_t>(at);
  }
};

}  // namespace

void RegisterBatchConstantOps() {
  RegisterProgramOp<BatchIntegersOp>("BatchIntegers");
  RegisterProgramOp<BatchFill>("BatchFill");
  RegisterProgramOp<BatchRange>("BatchRange");
}

}  // namespace dlctl
