// The threads that our operations share. TensorFlow's own pool can't be reached through its C API.
#pragma once

#include <functional>

namespace dlctl {

/** How many threads one operation may use: TF_NUM_INTRAOP_THREADS, else one for each CPU this process may run on. */
int ThreadCount();

/**
 * Calls `task(0)` to `task(count - 1)`, each once, in any order and on any thread, and returns when all are done. The
 * caller works too, and does everything itself while the others are busy for other callers. What a task computes must
 * not depend on its thread; split by sizes, not by ThreadCount(), or write results that no split changes. Threads
 * wait for each other, and for the next call, busily for 50 microseconds at most, and let others go first. A task must not throw.
 */
void ParallelFor(int count, const std::function<void(int)> &task);

/** As long as it lives, ParallelFor does everything itself in the thread it is made in: small things are done before others are awake. */
class AloneScope {
 public:
  explicit AloneScope(bool is_alone);
  ~AloneScope();
  AloneScope(const AloneScope &) = delete;
  AloneScope &operator=(const AloneScope &) = delete;

 private:
  bool before_;
};

/** The first of `count` things that is part `part` of `parts` of about equal size: its end is the first of the next one. */
inline int PartStart(int count, int part, int parts) {
  return static_cast<int>(static_cast<long long>(count) * part / parts);
}

}  // namespace dlctl
