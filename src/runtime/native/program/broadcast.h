// Two tensors that are combined number by number, of which one or both are repeated along axes where their size is 1.
#pragma once

#include "inputs.h"

namespace dlctl {

struct Broadcast2 {
  /** Of the result. */
  Dims dims;
  /** Axes that lie together in both are one. `steps` are 0 along axes where a tensor is repeated. */
  int rank = 0;
  int64_t sizes[Dims::kMost], a_steps[Dims::kMost], b_steps[Dims::kMost];

  Broadcast2(const Dims &a, const Dims &b) {
    const int axes = std::max(a.rank(), b.rank());
    int64_t out[Dims::kMost], a_step[Dims::kMost], b_step[Dims::kMost], a_next = 1, b_next = 1;
    for (int axis = axes - 1; axis >= 0; --axis) {
      const int a_axis = axis - axes + a.rank(), b_axis = axis - axes + b.rank();
      const int64_t a_size = a_axis < 0 ? 1 : a[a_axis], b_size = b_axis < 0 ? 1 : b[b_axis];
      Call::Require(a_size == b_size || a_size == 1 || b_size == 1, "the shapes don't fit together");
      out[axis] = a_size == 1 ? b_size : a_size;
      a_step[axis] = a_size == 1 ? 0 : a_next;
      b_step[axis] = b_size == 1 ? 0 : b_next;
      a_next *= a_size;
      b_next *= b_size;
    }
    dims = Dims(out, axes);
    for (int axis = 0; axis < axes; ++axis) {
      if (out[axis] == 1) continue;
      const bool joins = rank > 0 && a_steps[rank - 1] == a_step[axis] * out[axis] &&
                         b_steps[rank - 1] == b_step[axis] * out[axis];
      if (joins) {
        sizes[rank - 1] *= out[axis];
      } else {
        sizes[rank++] = out[axis];
      }
      a_steps[rank - 1] = a_step[axis];
      b_steps[rank - 1] = b_step[axis];
    }
    if (rank == 0) {
      rank = 1;
      sizes[0] = 1;
      a_steps[0] = b_steps[0] = 0;
    }
  }

  /** How many runs of the last axis there are. */
  int64_t rows() const {
    int64_t product = 1;
    for (int axis = 0; axis + 1 < rank; ++axis) product *= sizes[axis];
    return product;
  }
  int64_t width() const { return sizes[rank - 1]; }

  /** Calls `run(row, a, b)` for rows `[first, end)` with where they begin in each. */
  template <class Run>
  void ForRows(int64_t first, int64_t end, const Run &run) const {
    for (int64_t row = first; row < end; ++row) {
      int64_t rest = row, a = 0, b = 0;
      for (int axis = rank - 2; axis >= 0; --axis) {
        const int64_t at = rest % sizes[axis];
        rest /= sizes[axis];
        a += at * a_steps[axis];
        b += at * b_steps[axis];
      }
      run(row, a, b);
    }
  }
};

}  // namespace dlctl
