// Work on many numbers, on all threads where it is worth waking them.
#pragma once

#include <algorithm>

#include "../ops/thread_pool.h"

namespace dlctl {

/**
 * Calls `work(first, end)` for parts of [0, count), each of about `part_work` units when one of them is `unit_work`. What is computed
 * must not depend on the parts.
 */
template <class Work>
void ParallelParts(int64_t count, int64_t unit_work, const Work &work) {
  constexpr int64_t kPartWork = 32768;
  const int64_t parts = std::min(count, count * std::max<int64_t>(1, unit_work) / kPartWork);
  if (parts <= 1) {
    if (count > 0) work(int64_t{0}, count);
    return;
  }
  const int tasks = static_cast<int>(std::min<int64_t>(parts, 4 * ThreadCount()));
  ParallelFor(tasks, [&](int task) { work(count * task / tasks, count * (task + 1) / tasks); });
}

}  // namespace dlctl
