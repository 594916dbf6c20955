// What changes a tensor's axes and not its numbers, and their order.
#include <string.h>

#include "inputs.h"
#include "parallel_parts.h"
#include "program_ops.h"

namespace dlctl {
namespace {

/** One size may be -1: what is left. */
class Reshape {
 public:
  explicit Reshape(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    std::vector<int64_t> sizes = IntegersOf(call.Input(1));
    const auto open = std::find(sizes.begin(), sizes.end(), -1);
    if (open != sizes.end()) {
      *open = 1;
      const int64_t known = Dims(sizes).size();
      Call::Require(known > 0 && x.size() % known == 0, "the shape does not fit");
      *open = x.size() / known;
    }
    call.OutputView(0, 0, Dims(sizes));
  }
};

class ExpandDims {
 public:
  explicit ExpandDims(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    call.OutputView(0, 0, WithAxis(x.dims(), AxisOf(IntegerOf(call.Input(1)), x.rank() + 1), 1));
  }
};

class Identity {
 public:
  explicit Identity(const Attributes &) {}
  void Compute(Call &call) const { call.OutputView(0, 0, call.Input(0).dims()); }
};

template <class Element>
void Transposed(const Tensor &x, const Dims &dims, const int64_t *steps, const Tensor &y) {
  const int last = dims.rank() - 1;
  const int64_t width = dims[last], step = steps[last];
  ParallelParts(y.size() / width, width, [&](int64_t first, int64_t end) {
    for (int64_t row = first; row < end; ++row) {
      int64_t rest = row, from = 0;
      for (int axis = last - 1; axis >= 0; --axis) {
        from += rest % dims[axis] * steps[axis];
        rest /= dims[axis];
      }
      const Element *const source = x.data<Element>() + from;
      Element *const to = y.data<Element>() + row * width;
      if (step == 1) {
        memcpy(to, source, width * sizeof(Element));
      } else {
        for (int64_t at = 0; at < width; ++at) to[at] = source[at * step];
      }
    }
  });
}

class Transpose {
 public:
  explicit Transpose(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const std::vector<int64_t> order = IntegersOf(call.Input(1));
    const int rank = x.rank();
    Call::Require(static_cast<int>(order.size()) == rank, "the order must name each axis");
    int64_t steps_of_x[Dims::kMost], step = 1;
    for (int axis = rank - 1; axis >= 0; --axis) {
      steps_of_x[axis] = step;
      step *= x.dim(axis);
    }
    int64_t sizes[Dims::kMost], steps[Dims::kMost];
    bool is_taken[Dims::kMost] = {}, is_same = true;
    for (int axis = 0; axis < rank; ++axis) {
      const int from = AxisOf(order[axis], rank);
      Call::Require(!is_taken[from], "the order must name each axis once");
      is_taken[from] = true;
      is_same = is_same && from == axis;
      sizes[axis] = x.dim(from);
      steps[axis] = steps_of_x[from];
    }
    const Dims dims(sizes, rank);
    if (is_same) {
      call.OutputView(0, 0, dims);
      return;
    }
    const Tensor y = call.Output(0, dims, x.dtype());
    if (y.size() == 0) return;
    if (SizeOfType(x.dtype()) == 4) Transposed<int32_t>(x, dims, steps, y);
    else if (SizeOfType(x.dtype()) == 1) Transposed<uint8_t>(x, dims, steps, y);
    else throw std::invalid_argument("numbers are of an unknown type");
  }
};

}  // namespace

void RegisterArrangingOps() {
  RegisterProgramOp<Reshape>("Reshape");
  RegisterProgramOp<ExpandDims>("ExpandDims");
  RegisterProgramOp<Identity>("Identity");
  RegisterProgramOp<Transpose>("Transpose");
}

}  // namespace dlctl
