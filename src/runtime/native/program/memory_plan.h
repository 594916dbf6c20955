// Where the values of a program lie while it runs with one size of batch: in one block of memory, parts of which serve one
// value after the other.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <vector>

namespace dlctl {

/** A piece of memory that is needed from the instruction that writes it first to the last one that reads it. */
struct Lifetime {
  size_t bytes;
  int first, last;
};

struct MemoryPlan {
  /** Of each lifetime's memory in the block, aligned for vectors. */
  std::vector<size_t> offsets;
  size_t bytes = 0;
};

/** Pieces that are needed at the same time do not overlap. The largest ones are placed first, each as low as it fits. */
MemoryPlan PlanMemory(const std::vector<Lifetime> &lifetimes);

}  // namespace dlctl
