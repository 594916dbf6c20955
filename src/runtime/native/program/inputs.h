// What operations of programs read of their inputs.
#pragma once

#include <algorithm>

#include "../ops/op.h"

namespace dlctl {

/** The numbers of an int32 tensor, such as a shape or axes. */
inline std::vector<int64_t> IntegersOf(const Tensor &tensor) {
  Call::Require(tensor.dtype() == TF_INT32 && tensor.size() <= 64, "a list of few integers is needed");
  const int32_t *const from = tensor.data<int32_t>();
  return std::vector<int64_t>(from, from + tensor.size());
}

inline int64_t IntegerOf(const Tensor &tensor) {
  Call::Require(tensor.dtype() == TF_INT32 && tensor.size() == 1, "an integer is needed");
  return tensor.data<int32_t>()[0];
}

/** An axis from 0 on; negative ones count from the last. */
inline int AxisOf(int64_t axis, int rank) {
  Call::Require(axis >= -rank && axis < rank, "there is no such axis");
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

inline void RequireFloats(const Tensor &tensor) { Call::Require(tensor.dtype() == TF_FLOAT, "numbers must be floats"); }

/** The product of the sizes of axes `[first, end)`. */
inline int64_t SizeOfAxes(const Dims &dims, int first, int end) {
  int64_t product = 1;
  for (int axis = first; axis < end; ++axis) product *= dims[axis];
  return product;
}

/** Axes with another one put in at `axis`, of this size. */
inline Dims WithAxis(const Dims &dims, int axis, int64_t size) {
  int64_t sizes[Dims::kMost + 1];
  for (int at = 0; at < dims.rank() + 1; ++at) sizes[at] = at < axis ? dims[at] : at == axis ? size : dims[at - 1];
  return Dims(sizes, dims.rank() + 1);
}

inline Dims WithoutAxis(const Dims &dims, int axis) {
  int64_t sizes[Dims::kMost];
  for (int at = 0; at + 1 < dims.rank(); ++at) sizes[at] = dims[at < axis ? at : at + 1];
  return Dims(sizes, dims.rank() - 1);
}

}  // namespace dlctl
