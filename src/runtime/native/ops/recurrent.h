// What the recurrent operations have in common: how weights are packed for them, and how rows of a batch are shared out.
#pragma once

#include <string.h>

#include "op.h"
#include "thread_pool.h"
#include "tile.h"

namespace dlctl {

/** Sizes of a layer. Each gate's units stand in blocks of a vector, the last one filled up with units that stay 0. */
struct RecurrentSizes {
  int batch;
  int time;
  int units;
  int padded_units() const { return PaddedToLanes(units); }
  int blocks() const { return padded_units() / kLanes; }
};

/** int32 `[batch, time]`, 0 where a step is left out; `[0, 0]`: there is none. */
class StepMask {
 public:
  StepMask(const Tensor &mask, const RecurrentSizes &sizes) : steps_(mask.size() > 0 ? mask.data<int32_t>() : nullptr) {
    time_ = sizes.time;
    Call::Require(steps_ == nullptr || (mask.dim(0) == sizes.batch && mask.dim(1) == sizes.time),
                  "the mask has another shape than the sequences");
  }
  bool Reads(int example, int step) const {
    return steps_ == nullptr || steps_[static_cast<size_t>(example) * time_ + step] != 0;
  }

 private:
  const int32_t *steps_;
  int time_;
};

/**
 * Columns of `weights` `[depth, stride]` for tiles that compute all gates of a block of units: block, depth, gate, lane. The gates
 * are the first `gates` of `units` columns each. Other weights may stand before them: each block has room for
 * `block_depth`, and these begin at `offset`.
 */
inline void PackGates(const float *weights, int depth, int stride, int gates, int units, int block_depth, int offset,
                      float *packed) {
  const int blocks = PaddedToLanes(units) / kLanes;
  for (int block = 0; block < blocks; ++block) {
    const int count = std::min(kLanes, units - block * kLanes);
    for (int k = 0; k < depth; ++k) {
      float *to = packed + (static_cast<size_t>(block) * block_depth + offset + k) * gates * kLanes;
      for (int gate = 0; gate < gates; ++gate) {
        const float *from = weights + static_cast<size_t>(k) * stride + gate * units + block * kLanes;
        Store(to + gate * kLanes, LoadSome(from, count));
      }
    }
  }
}

/** The columns `[first_column, first_column + units)` of `weights` `[depth, stride]`, for MultiplyPacked. */
inline void PackColumns(const float *weights, int depth, int stride, int first_column, int units, float *packed) {
  const int padded = PaddedToLanes(units);
  for (int panel = 0; panel * kTileVectors * kLanes < padded; ++panel) {
    const int first = panel * kTileVectors * kLanes;
    const int vectors = PanelVectors(padded, panel);
    float *to = packed + static_cast<size_t>(first) * depth;
    for (int k = 0; k < depth; ++k)
      for (int n = 0; n < vectors; ++n, to += kLanes) {
        const int column = first + n * kLanes;
        Store(to, LoadSome(weights + static_cast<size_t>(k) * stride + first_column + column, units - column));
      }
  }
}

/**
 * The transpose of recurrent weights `[units, stride]`, for MultiplyPacked: from gradients of `gates` gates, which stand by
 * block, gate and lane, to units.
 */
inline void PackTransposed(const float *weights, int stride, int first_gate, int gates, int units, float *packed) {
  const int padded = PaddedToLanes(units);
  const int depth = gates * padded;
  memset(packed, 0, sizeof(float) * static_cast<size_t>(depth) * padded);
  for (int panel = 0; panel * kTileVectors * kLanes < padded; ++panel) {
    const int first = panel * kTileVectors * kLanes;
    const int width = PanelVectors(padded, panel) * kLanes;
    float *to = packed + static_cast<size_t>(first) * depth;
    for (int column = 0; column < std::min(width, units - first); ++column) {
      const float *from = weights + static_cast<size_t>(first + column) * stride + first_gate * units;
      for (int gate = 0; gate < gates; ++gate)
        for (int unit = 0; unit < units; ++unit) {
          const int k = (unit / kLanes * gates + gate) * kLanes + unit % kLanes;
          to[static_cast<size_t>(k) * width + column] = from[gate * units + unit];
        }
    }
  }
}

/** The part of y's gradient that reaches the state after this step; null where there is none. */
inline const float *GivenGradient(const Tensor &dy, bool sequences, const RecurrentSizes &sizes, int example, int step) {
  if (sequences) return dy.data() + (static_cast<size_t>(example) * sizes.time + step) * sizes.units;
  return step == sizes.time - 1 ? dy.data() + static_cast<size_t>(example) * sizes.units : nullptr;
}

/** The states of `count` examples to rows of `units` numbers from `to` on, every `stride`th of which is written. */
inline void CopyStates(const float *states, const RecurrentSizes &sizes, int count, float *to, int stride) {
  for (int example = 0; example < count; ++example)
    memcpy(to + static_cast<size_t>(example) * stride * sizes.units,
           states + static_cast<size_t>(example) * sizes.padded_units(), sizes.units * sizeof(float));
}

/**
 * Calls `body(first, count)` for parts of the batch, on several threads: each takes its examples through the whole
 * sequence, and need not wait for the others. Examples don't depend on each other, so that no split changes a bit.
 */
template <class Body>
inline void ForExamples(const RecurrentSizes &sizes, const Body &body) {
  const int parts = std::min(ThreadCount(), sizes.batch);
  ParallelFor(parts, [&](int part) {
    const int first = PartStart(sizes.batch, part, parts);
    body(first, PartStart(sizes.batch, part + 1, parts) - first);
  });
}

}  // namespace dlctl
