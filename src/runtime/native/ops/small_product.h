// Products of matrices that are in the processor's caches, such as those of one head of attention.
#pragma once

#include "vector.h"

namespace dlctl {

/** A matrix in memory: element (row, column) is data[row * row_step + column * column_step]. */
struct MatrixView {
  const float *data;
  int64_t row_step;
  int64_t column_step;
};

/** Rows by vectors of C = A B, or C += A B. B's and C's columns lie side by side. */
template <int kRows, int kVectors>
inline void MultiplyTile(const MatrixView &a, const float *b, int64_t b_step, float *c, int64_t c_step, int64_t depth,
                         bool adds) {
  Vec sums[kRows][kVectors];
  for (int row = 0; row < kRows; ++row)
    for (int v = 0; v < kVectors; ++v) sums[row][v] = adds ? Load(c + row * c_step + v * kLanes) : Vec{};
  for (int64_t d = 0; d < depth; ++d) {
    Vec right[kVectors];
    for (int v = 0; v < kVectors; ++v) right[v] = Load(b + d * b_step + v * kLanes);
    for (int row = 0; row < kRows; ++row) {
      const float left = a.data[row * a.row_step + d * a.column_step];
      for (int v = 0; v < kVectors; ++v) sums[row][v] += left * right[v];
    }
  }
  for (int row = 0; row < kRows; ++row)
    for (int v = 0; v < kVectors; ++v) Store(c + row * c_step + v * kLanes, sums[row][v]);
}

template <int kVectors>
inline void MultiplyColumns(int64_t rows, const MatrixView &a, const float *b, int64_t b_step, float *c,
                            int64_t c_step, int64_t depth, bool adds) {
  // With 32 registers, or 16, as many sums as keep the processor's two multipliers busy.
  constexpr int kRows = kLanes == 16 ? 8 : 4;
  int64_t row = 0;
  for (; row + kRows <= rows; row += kRows) {
    const MatrixView block{a.data + row * a.row_step, a.row_step, a.column_step};
    MultiplyTile<kRows, kVectors>(block, b, b_step, c + row * c_step, c_step, depth, adds);
  }
  for (; row < rows; ++row) {
    const MatrixView single{a.data + row * a.row_step, a.row_step, a.column_step};
    MultiplyTile<1, kVectors>(single, b, b_step, c + row * c_step, c_step, depth, adds);
  }
}

/** C [rows, columns] = A [rows, depth] B [depth, columns], or C += it. `columns` is a multiple of the lanes. */
inline void MultiplySmall(int64_t rows, int64_t columns, int64_t depth, const MatrixView &a, const float *b,
                          int64_t b_step, float *c, int64_t c_step, bool adds = false) {
  int64_t column = 0;
  for (; column + 2 * kLanes <= columns; column += 2 * kLanes)
    MultiplyColumns<2>(rows, a, b + column, b_step, c + column, c_step, depth, adds);
  if (column < columns) MultiplyColumns<1>(rows, a, b + column, b_step, c + column, c_step, depth, adds);
}

}  // namespace dlctl
