// Matrix products of a few rows with weights that were packed beforehand: the innermost loops, all sums in registers.
#pragma once

#include <algorithm>
#include <type_traits>

#include "vector.h"

namespace dlctl {

/** How many vectors of columns a tile has at most. */
constexpr int kTileVectors = 4;

/**
 * Adds to `sums` the product of `kRows` rows of `depth` numbers with `packed`, for each of `depth` `kVectors` vectors of columns.
 * In the order of depth, whatever the number of rows: how a product is cut into tiles does not change a bit of it. The last of
 * the vectors goes to `sums[.][kLast]`, the others in their order.
 */
template <int kVectors, int kLast = kVectors - 1, int kRows, int kSums>
__attribute__((always_inline)) inline void Accumulate(Vec (&sums)[kRows][kSums], const float *const (&rows)[kRows],
                                                      const float *packed, int depth) {
  static_assert(kLast >= kVectors - 1 && kLast < kSums, "each vector has its own sum");
  for (int k = 0; k < depth; ++k) {
    Vec columns[kVectors];
#pragma GCC unroll 8
    for (int n = 0; n < kVectors; ++n) columns[n] = Load(packed + (k * kVectors + n) * kLanes);
#pragma GCC unroll 8
    for (int m = 0; m < kRows; ++m) {
      const Vec value = Broadcast(rows[m][k]);
#pragma GCC unroll 8
      for (int n = 0; n < kVectors; ++n) sums[m][n + 1 < kVectors ? n : kLast] += value * columns[n];
    }
  }
}

/** Calls `body(constant, first)` for tiles of about equal size that cover `count` rows; `constant` is the tile's number of rows. */
template <class Body>
inline void ForRowTiles(int count, const Body &body) {
  const int tiles = (count + kTileRows - 1) / kTileRows;
  for (int tile = 0; tile < tiles; ++tile) {
    const int first = count * tile / tiles;
    switch (count * (tile + 1) / tiles - first) {
      case 1:
        body(std::integral_constant<int, 1>(), first);
        break;
      case 2:
        body(std::integral_constant<int, 2>(), first);
        break;
      case 3:
        body(std::integral_constant<int, 3>(), first);
        break;
#if !defined(__AVX__) || defined(__AVX512F__)
      case 4:
        body(std::integral_constant<int, 4>(), first);
        break;
      case 5:
        body(std::integral_constant<int, 5>(), first);
        break;
      case 6:
        body(std::integral_constant<int, 6>(), first);
        break;
#endif
    }
  }
}

/** The panels into which columns are cut: `kTileVectors` vectors each, the last one fewer. */
inline int PanelVectors(int padded_columns, int panel) {
  return std::min(kTileVectors, padded_columns / kLanes - panel * kTileVectors);
}

/**
 * `result = start + a * packed` for `rows` rows of `depth` numbers, `stride_a` apart, and `padded_columns` columns, which are
 * packed in panels of up to `kTileVectors` vectors: panel, depth, column. `start` and `result` have rows of `padded_columns`, and may be the same.
 */
inline void MultiplyPacked(const float *a, int stride_a, int rows, int depth, const float *packed, int padded_columns,
                           const float *start, float *result) {
  for (int panel = 0; panel * kTileVectors * kLanes < padded_columns; ++panel) {
    const int first_column = panel * kTileVectors * kLanes;
    const float *columns = packed + static_cast<size_t>(first_column) * depth;
    const auto multiply = [&](auto vectors) {
      constexpr int kVectors = decltype(vectors)::value;
      ForRowTiles(rows, [&](auto count, int first) {
        constexpr int kRows = decltype(count)::value;
        const float *tile_rows[kRows];
        Vec sums[kRows][kVectors];
        for (int m = 0; m < kRows; ++m) {
          tile_rows[m] = a + static_cast<size_t>(first + m) * stride_a;
          for (int n = 0; n < kVectors; ++n)
            sums[m][n] = Load(start + static_cast<size_t>(first + m) * padded_columns + first_column + n * kLanes);
        }
        Accumulate<kVectors>(sums, tile_rows, columns, depth);
        for (int m = 0; m < kRows; ++m)
          for (int n = 0; n < kVectors; ++n)
            Store(result + static_cast<size_t>(first + m) * padded_columns + first_column + n * kLanes, sums[m][n]);
      });
    };
    switch (PanelVectors(padded_columns, panel)) {
      case 1:
        multiply(std::integral_constant<int, 1>());
        break;
      case 2:
        multiply(std::integral_constant<int, 2>());
        break;
      case 3:
        multiply(std::integral_constant<int, 3>());
        break;
      default:
        multiply(std::integral_constant<int, 4>());
    }
  }
}

}  // namespace dlctl
