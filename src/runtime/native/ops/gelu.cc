// The exact GELU, x Phi(x) with the normal distribution's Phi, of numbers that a bias is added to first.
#include "normal.h"
#include "row_tasks.h"

namespace dlctl {
namespace {

class BiasGelu {
 public:
  static OpDefinition Definition() {
    return {"DlctlBiasGelu", {}, {"x: float", "bias: float"}, {"y: float"}};
  }

  explicit BiasGelu(const Attributes &) {}

  /** x [rows, width], bias [width] or [0]. */
  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 2);
    const int64_t rows = x.dim(0), width = x.dim(1);
    const float *bias = OptionalRow(call.Input(1, 1), width);
    float *y = call.Output(0, {rows, width}).data();
    RowTasks(rows, width).ForEach([&](int64_t row) {
      ForVectors(width, [&](int64_t at, int count) {
        Vec value = LoadSome(x.data() + row * width + at, count);
        if (bias) value += LoadSome(bias + at, count);
        StoreSome(y + row * width + at, value * NormalAt(value).below, count);
      });
    });
  }
};

class BiasGeluGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlBiasGeluGradient",
            {},
            {"dy: float", "x: float", "bias: float"},
            {"dx: float", "dbias: float"}};
  }

  explicit BiasGeluGradient(const Attributes &) {}

  /** As above; the gradient of the bias is computed whether there was one or not. */
  void Compute(Call &call) const {
    const Tensor dy = call.Input(0, 2), x = call.Input(1, 2);
    const int64_t rows = x.dim(0), width = x.dim(1);
    Call::Require(dy.size() == x.size(), "dy and x must fit together");
    const float *bias = OptionalRow(call.Input(2, 1), width);
    float *dx = call.OutputOver(0, {0}, {rows, width}).data();
    float *const totals[] = {call.Output(1, {width}).data()};
    RowTasks(rows, width).ForEachSumming(1, totals, [&](int64_t row, float *sums) {
      ForVectors(width, [&](int64_t at, int count) {
        Vec value = LoadSome(x.data() + row * width + at, count);
        if (bias) value += LoadSome(bias + at, count);
        const Normal normal = NormalAt(value);
        const Vec slope = LoadSome(dy.data() + row * width + at, count) * (normal.below + value * normal.density);
        StoreSome(dx + row * width + at, slope, count);
        Store(sums + at, Load(sums + at) + slope);
      });
    });
  }
};

}  // namespace

void RegisterGeluOps() {
  RegisterOp<BiasGelu>();
  RegisterOp<BiasGeluGradient>();
}

}  // namespace dlctl
