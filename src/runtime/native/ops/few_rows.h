// Products of few rows with a packed matrix: threads share out the matrix, as there are too few rows.
#pragma once

#include "op.h"
#include "thread_pool.h"
#include "tile.h"

namespace dlctl {

/** Whether the matrix is larger than all caches, for too few rows to be read again. */
inline bool IsLarge(int rows, int depth) { return rows <= 64 && depth >= 32768; }

/** Whether reading the matrix takes longer than multiplying: with few rows, or where it is large. */
inline bool IsReadOnce(int rows, int depth) { return rows <= kTileRows || IsLarge(rows, depth); }

/** `y = start + x packed`: x [rows, depth], `packed` [depth, columns] in panels as of MultiplyPacked, `start` in whole vectors. */
inline void MultiplyFewRows(const float *x, int rows, int depth, const float *packed, int columns, const float *start,
                            float *y) {
  constexpr int kPanel = kTileVectors * kLanes;
  // A part of a panel is worth waking a thread for. How the depth is cut depends on sizes alone, as sums depend on it in their last bits.
  constexpr int kDepthOfPart = 4096;
  const int padded = PaddedToLanes(columns), panels = (padded + kPanel - 1) / kPanel;
  const int parts = (depth + kDepthOfPart - 1) / kDepthOfPart;
  const Scratch partial(static_cast<size_t>(parts) * rows * padded);
  const auto multiply = [&](int panel, int part, auto vectors) {
    constexpr int kVectors = decltype(vectors)::value;
    const int first = PartStart(depth, part, parts), count = PartStart(depth, part + 1, parts) - first;
    const float *const weights = packed + static_cast<size_t>(panel) * kPanel * depth + static_cast<size_t>(first) * kVectors * kLanes;
    float *const to = partial.data() + static_cast<size_t>(part) * rows * padded + panel * kPanel;
    ForRowTiles(rows, [&](auto tile, int top) {
      constexpr int kRows = decltype(tile)::value;
      const float *tile_rows[kRows];
      Vec sums[kRows][kVectors];
      for (int m = 0; m < kRows; ++m) {
        tile_rows[m] = x + static_cast<size_t>(top + m) * depth + first;
        for (int n = 0; n < kVectors; ++n) sums[m][n] = part == 0 ? Load(start + panel * kPanel + n * kLanes) : Vec{};
      }
      Accumulate<kVectors>(sums, tile_rows, weights, count);
      for (int m = 0; m < kRows; ++m)
        for (int n = 0; n < kVectors; ++n) Store(to + static_cast<size_t>(top + m) * padded + n * kLanes, sums[m][n]);
    });
  };
  const auto run = [&](int task) {
    const int panel = task / parts, part = task % parts;
    switch (PanelVectors(padded, panel)) {
      case 1:
        return multiply(panel, part, std::integral_constant<int, 1>());
      case 2:
        return multiply(panel, part, std::integral_constant<int, 2>());
      case 3:
        return multiply(panel, part, std::integral_constant<int, 3>());
      default:
        return multiply(panel, part, std::integral_constant<int, 4>());
    }
  };
  // Small products are done before another thread has woken up.
  if (static_cast<int64_t>(depth) * padded * ((rows + kTileRows - 1) / kTileRows) < 400000) {
    for (int task = 0; task < panels * parts; ++task) run(task);
  } else {
    ParallelFor(panels * parts, run);
  }
  for (int row = 0; row < rows; ++row) {
    float *const sums = partial.data() + static_cast<size_t>(row) * padded;
    for (int part = 1; part < parts; ++part)
      for (int column = 0; column < padded; column += kLanes)
        Store(sums + column, Load(sums + column) + Load(sums + static_cast<size_t>(part) * rows * padded + column));
    memcpy(y + static_cast<size_t>(row) * columns, sums, columns * sizeof(float));
  }
}

}  // namespace dlctl
