#include "thread_pool.h"

#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "flush_denormals.h"

namespace dlctl {
namespace {

/** About what it takes to sleep and be woken. */
constexpr std::chrono::microseconds kLongestWait(50);

#if defined(__x86_64__)
inline void Pause() { __builtin_ia32_pause(); }
#else
inline void Pause() {}
#endif

/** Waits until `is_done()`, but not for long: the next operation mostly comes sooner than a thread that sleeps is woken. */
template <class Condition>
inline void WaitShortly(const Condition &is_done) {
  const auto end = std::chrono::steady_clock::now() + kLongestWait;
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 8; ++i) {
      if (is_done()) return;
      Pause();
    }
    // Who has something to do on this processor, such as a thread of TensorFlow's, goes first.
    std::this_thread::yield();
  }
}

struct Job {
  Job(int count, const std::function<void(int)> &task) : count(count), task(task) {}

  void Work() {
    for (int index; (index = next.fetch_add(1, std::memory_order_relaxed)) < count;) task(index);
  }

  const int count;
  const std::function<void(int)> &task;
  std::atomic<int> next{0};
  /** Threads of the pool that are at it; changed under the pool's mutex. */
  std::atomic<int> helpers{0};
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
      job_count_.store(static_cast<int>(jobs_.size()), std::memory_order_release);
    }
    for (int i = 1; i < std::min(job.count, ThreadCount()); ++i) wanted_.notify_one();
    job.Work();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Remove(job);
    }
    WaitShortly([&job] { return job.helpers.load(std::memory_order_acquire) == 0; });
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [&job] { return job.helpers == 0; });
  }

 private:
  void Serve() {
    const FlushDenormals flush;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      if (jobs_.empty()) {
        lock.unlock();
        WaitShortly([this] { return job_count_.load(std::memory_order_acquire) > 0; });
        lock.lock();
      }
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
    job_count_.store(static_cast<int>(jobs_.size()), std::memory_order_release);
  }

  std::mutex mutex_;
  /** Of jobs_, to be looked at without the mutex. */
  std::atomic<int> job_count_{0};
  std::condition_variable wanted_;
  std::condition_variable done_;
  std::deque<Job *> jobs_;
};

thread_local bool is_alone_here = false;

}  // namespace

AloneScope::AloneScope(bool is_alone) : before_(is_alone_here) { is_alone_here = is_alone; }

AloneScope::~AloneScope() { is_alone_here = before_; }

int ThreadCount() {
  static const int count = [] {
    const char *stated = getenv("TF_NUM_INTRAOP_THREADS");
    const int number = stated == nullptr ? 0 : atoi(stated);
    return number > 0 ? number : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }();
  return count;
}

void ParallelFor(int count, const std::function<void(int)> &task) {
  if (count <= 1 || is_alone_here || ThreadCount() == 1) {
    for (int index = 0; index < count; ++index) task(index);
    return;
  }
  // Started when first needed, by a thread that takes no signals, and never ended: the process may exit meanwhile.
  static Pool *const pool = new Pool(ThreadCount() - 1);
  Job job(count, task);
  pool->Run(job);
}

}  // namespace dlctl
