#include "thread_pool.h"

#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace dlctl {
namespace {

struct Job {
  Job(int count, const std::function<void(int)> &task) : count(count), task(task) {}

  void Work() {
    for (int index; (index = next.fetch_add(1, std::memory_order_relaxed)) < count;) task(index);
  }

  const int count;
  const std::function<void(int)> &task;
  std::atomic<int> next{0};
  /** Threads of the pool that are at it; guarded by the pool's mutex. */
  int helpers = 0;
};

class Pool {
 public:
  explicit Pool(int size) {
    for (int i = 0; i < size; ++i) std::thread([this] { Serve(); }).detach();
  }

  void Run(Job &job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(&job);
    }
    for (int i = 1; i < std::min(job.count, ThreadCount()); ++i) wanted_.notify_one();
    job.Work();
    std::unique_lock<std::mutex> lock(mutex_);
    Remove(job);
    done_.wait(lock, [&job] { return job.helpers == 0; });
  }

 private:
  void Serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wanted_.wait(lock, [this] { return !jobs_.empty(); });
      Job &job = *jobs_.front();
      ++job.helpers;
      lock.unlock();
      job.Work();
      lock.lock();
      Remove(job);
      if (--job.helpers == 0) done_.notify_all();
    }
  }

  /** Nothing of it is left to begin. */
  void Remove(Job &job) {
    const auto place = std::find(jobs_.begin(), jobs_.end(), &job);
    if (place != jobs_.end()) jobs_.erase(place);
  }

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::condition_variable done_;
  std::deque<Job *> jobs_;
};

}  // namespace

int ThreadCount() {
  static const int count = [] {
    const char *stated = getenv("TF_NUM_INTRAOP_THREADS");
    const int number = stated == nullptr ? 0 : atoi(stated);
    return number > 0 ? number : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }();
  return count;
}

void ParallelFor(int count, const std::function<void(int)> &task) {
  if (count <= 1 || ThreadCount() == 1) {
    for (int index = 0; index < count; ++index) task(index);
    return;
  }
  // Started when first needed, by a thread that takes no signals, and never ended: the process may exit meanwhile.
  static Pool *const pool = new Pool(ThreadCount() - 1);
  Job job(count, task);
  pool->Run(job);
}

}  // namespace dlctl
