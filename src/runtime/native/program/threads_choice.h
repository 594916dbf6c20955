// Whether a program is faster on one thread or on several: found out as it runs, since that depends on its sizes, on the machine, and on
// what else runs there. Results do not depend on it.
#pragma once

namespace dlctl {

class ThreadsChoice {
 public:
  /** Whether the next run is to be on one thread. */
  bool IsAlone() {
    ++runs_;
    // The first run finds memory that nobody has touched yet.
    if (is_long_ || runs_ <= 2) return false;
    const bool is_better_alone = alone_ < shared_;
    const bool is_trial = runs_ % kTrialEvery == 0;
    return runs_ <= kFirstTrials ? runs_ % 2 == 1 : is_better_alone != is_trial;
  }

  void Took(bool was_alone, double seconds) {
    if (runs_ == 1) return;
    // Waking threads is nothing beside it.
    if (runs_ == 2) is_long_ = seconds > 5e-3;
    double &known = was_alone ? alone_ : shared_;
    // One that others have disturbed says little; a lasting change is seen after a few.
    known = known == 0 || seconds < known ? seconds : known + (seconds - known) / 8;
  }

 private:
  static constexpr int kFirstTrials = 10, kTrialEvery = 100;

  long long runs_ = 0;
  bool is_long_ = false;
  double alone_ = 0, shared_ = 0;
};

}  // namespace dlctl
