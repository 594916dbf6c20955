#include "memory_plan.h"

#include <algorithm>
#include <numeric>

namespace dlctl {
namespace {

constexpr size_t kAlignment = 64;

size_t Padded(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

MemoryPlan PlanMemory(const std::vector<Lifetime> &lifetimes) {
  MemoryPlan plan;
  plan.offsets.resize(lifetimes.size());
  std::vector<size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });
  // Those placed already, by their place.
  std::vector<size_t> placed;
  for (const size_t piece : order) {
    const Lifetime &own = lifetimes[piece];
    size_t offset = 0;
    for (const size_t other : placed) {
      const Lifetime &theirs = lifetimes[other];
      if (theirs.last < own.first || own.last < theirs.first) continue;
      if (plan.offsets[other] >= offset + Padded(own.bytes)) break;
      offset = std::max(offset, plan.offsets[other] + Padded(theirs.bytes));
    }
    plan.offsets[piece] = offset;
    plan.bytes = std::max(plan.bytes, offset + Padded(own.bytes));
    const auto after = std::upper_bound(placed.begin(), placed.end(), offset,
                                        [&](size_t place, size_t other) { return place < plan.offsets[other]; });
    placed.insert(after, piece);
  }
  return plan;
}

}  // namespace dlctl
