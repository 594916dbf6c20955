// Work on the rows of a matrix, on all threads, with sums over the rows.
#pragma once

#include <algorithm>

#include "op.h"
#include "row.h"
#include "thread_pool.h"

namespace dlctl {

class RowTasks {
 public:
  RowTasks(int64_t rows, int64_t width) : rows_(rows), width_(width) {}

  /** Calls `work(row)` for each. */
  template <class Work>
  void ForEach(const Work &work) const {
    ParallelFor(Count(), [&](int task) {
      for (int64_t row = Start(task); row < Start(task + 1); ++row) work(row);
    });
  }

  /**
   * Calls `work(row, sums)` for each; it adds to `sums` [kinds, width rounded up to whole vectors]. What all added is
   * `total(kind)` afterwards, the same whatever the threads, because tasks are of one size and added in their order.
   */
  template <class Work>
  void ForEachSumming(int kinds, float *const *totals, const Work &work) const {
    const int64_t padded = PaddedToLanes(static_cast<int>(width_));
    const int64_t size = kinds * padded;
    const Scratch scratch(static_cast<size_t>(Count() * size));
    ParallelFor(Count(), [&](int task) {
      float *sums = scratch.data() + task * size;
      memset(sums, 0, static_cast<size_t>(size) * sizeof(float));
      for (int64_t row = Start(task); row < Start(task + 1); ++row) work(row, sums);
    });
    for (int kind = 0; kind < kinds; ++kind) {
      ForVectors(width_, [&](int64_t at, int count) {
        Vec sum{};
        for (int task = 0; task < Count(); ++task) sum += Load(scratch.data() + task * size + kind * padded + at);
        StoreSome(totals[kind] + at, sum, count);
      });
    }
  }

 private:
  static constexpr int64_t kRowsOfTask = 128;

  int Count() const { return static_cast<int>((rows_ + kRowsOfTask - 1) / kRowsOfTask); }
  int64_t Start(int task) const { return std::min(task * kRowsOfTask, rows_); }

  int64_t rows_;
  int64_t width_;
};

/** A scale or shift of `width` numbers; null where there is none, which is a tensor without numbers. */
inline const float *OptionalRow(const Tensor &tensor, int64_t width) {
  Call::Require(tensor.size() == width || tensor.size() == 0, "a scale or shift must be as long as the rows");
  return tensor.size() == 0 ? nullptr : tensor.data();
}

}  // namespace dlctl
