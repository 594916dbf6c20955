// Products of few rows with a matrix as it lies in memory: packing or splitting it as a whole before would take as long.
#pragma once

#include "thread_pool.h"
#include "tile.h"
#include "transpose.h"

namespace dlctl {

/** Above so many rows it is worth packing or splitting the matrix, or its transpose. */
constexpr int kMostUnpackedRows = 11 * kTileRows, kMostRowsByTransposed = 2 * kTileRows;

/** Calls `body(first, end)` for parts of `columns` on several threads, or for all of them where the matrix is small. */
template <class Body>
inline void ForColumns(int depth, int columns, int columns_of_part, const Body &body) {
  // Small products are done before another thread has woken up.
  const int parts = static_cast<int64_t>(depth) * columns < 60000 ? 1 : (columns + columns_of_part - 1) / columns_of_part;
  ParallelFor(parts, [&](int part) {
    body(part * columns_of_part, parts == 1 ? columns : std::min(columns, (part + 1) * columns_of_part));
  });
}

/** to[k][column] = from[column][k], 16 of each at a time where there are instructions for it. */
inline void TransposeTo(const float *from, int64_t from_step, int columns, int depth, float *to, int to_step) {
#if defined(DLCTL_AMX)
  if (columns % 16 == 0 && depth % 16 == 0) {
    for (int column = 0; column < columns; column += 16)
      for (int k = 0; k < depth; k += 16) {
        __m512i block[16];
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) block[i] = _mm512_loadu_si512(from + (column + i) * from_step + k);
        Transpose(block);
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) _mm512_storeu_si512(to + (k + i) * to_step + column, block[i]);
      }
    return;
  }
#endif
  for (int column = 0; column < columns; ++column)
    for (int k = 0; k < depth; ++k) to[k * to_step + column] = from[column * from_step + k];
}

/**
 * `y = start + x matrix`: x [rows, depth], the matrix [depth, columns], or the transpose of [columns, depth]; `columns` whole vectors, `start` a
 * number for each column.
 */
class UnpackedProduct {
 public:
  UnpackedProduct(const float *x, int rows, int depth, const float *matrix, bool is_transposed, int columns, const float *start,
                  float *y)
      : x_(x), rows_(rows), depth_(depth), matrix_(matrix), is_transposed_(is_transposed), columns_(columns), start_(start), y_(y) {}

  void Compute() const {
    ForColumns(depth_, columns_, kPanel, [&](int begin, int end) {
      for (int column = begin; column < end; column += kPanel) {
        switch (std::min(kPanel, end - column) / kLanes) {
          case 1:
            ComputePanel<1>(column);
            break;
          case 2:
            ComputePanel<2>(column);
            break;
          case 3:
            ComputePanel<3>(column);
            break;
          default:
            ComputePanel<4>(column);
        }
      }
    });
  }

 private:
  static constexpr int kPanel = kTileVectors * kLanes;
  /** Rows of the matrix that are put together for several tiles of x's rows: those of a wide one fall on each other in the nearest cache. */
  static constexpr int kDepth = 64;

  template <int kVectors>
  void ComputePanel(int column) const {
    constexpr int kWidth = kVectors * kLanes;
    alignas(64) float together[kDepth * kWidth];
    for (int top = 0; top < depth_; top += kDepth) {
      const int depth = std::min(kDepth, depth_ - top);
      const float *const from = is_transposed_ ? matrix_ + static_cast<size_t>(column) * depth_ + top
                                               : matrix_ + static_cast<size_t>(top) * columns_ + column;
      if (is_transposed_) {
        TransposeTo(from, depth_, kWidth, depth, together, kWidth);
      } else if (rows_ > kTileRows) {
        for (int k = 0; k < depth; ++k)
          memcpy(together + k * kWidth, from + static_cast<size_t>(k) * columns_, kWidth * sizeof(float));
      } else {
        Add<kVectors>(top, depth, column, from, columns_);
        continue;
      }
      Add<kVectors>(top, depth, column, together, kWidth);
    }
  }

  template <int kVectors>
  void Add(int top, int depth, int column, const float *matrix, int step) const {
    ForRowTiles(rows_, [&](auto tile, int first) {
      constexpr int kRows = decltype(tile)::value;
      float *const to = y_ + static_cast<size_t>(first) * columns_ + column;
      Vec sums[kRows][kVectors];
      for (int m = 0; m < kRows; ++m)
        for (int n = 0; n < kVectors; ++n)
          sums[m][n] = Load((top == 0 ? start_ + column : to + static_cast<size_t>(m) * columns_) + n * kLanes);
      const float *const from = x_ + static_cast<size_t>(first) * depth_ + top;
      for (int k = 0; k < depth; ++k) {
        Vec row[kVectors];
#pragma GCC unroll 8
        for (int n = 0; n < kVectors; ++n) row[n] = Load(matrix + static_cast<size_t>(k) * step + n * kLanes);
#pragma GCC unroll 8
        for (int m = 0; m < kRows; ++m) {
          const Vec value = Broadcast(from[static_cast<size_t>(m) * depth_ + k]);
#pragma GCC unroll 8
          for (int n = 0; n < kVectors; ++n) sums[m][n] += value * row[n];
        }
      }
      for (int m = 0; m < kRows; ++m)
        for (int n = 0; n < kVectors; ++n) Store(to + static_cast<size_t>(m) * columns_ + n * kLanes, sums[m][n]);
    });
  }

  const float *x_;
  int rows_, depth_;
  const float *matrix_;
  bool is_transposed_;
  int columns_;
  const float *start_;
  float *y_;
};

/** `y = start + x` times the transpose of a matrix [columns, depth]. */
inline void MultiplyByTransposed(const float *x, int rows, int depth, const float *matrix, int columns, const float *start,
                                 float *y) {
  ForColumns(depth, columns, 32, [&](int begin, int end) {
    for (int column = begin; column < end; ++column) {
      const float *const row = matrix + static_cast<size_t>(column) * depth;
      ForRowTiles(rows, [&](auto tile, int first) {
        constexpr int kRows = decltype(tile)::value;
        Vec sums[kRows] = {};
        const float *const from = x + static_cast<size_t>(first) * depth;
        int k = 0;
        for (; k + kLanes <= depth; k += kLanes) {
          const Vec values = Load(row + k);
#pragma GCC unroll 8
          for (int m = 0; m < kRows; ++m) sums[m] += values * Load(from + static_cast<size_t>(m) * depth + k);
        }
        if (k < depth) {
          const Vec values = LoadSome(row + k, depth - k);
          for (int m = 0; m < kRows; ++m) sums[m] += values * LoadSome(from + static_cast<size_t>(m) * depth + k, depth - k);
        }
        for (int m = 0; m < kRows; ++m) y[static_cast<size_t>(first + m) * columns + column] = start[column] + SumLanes(sums[m]);
      });
    }
  });
}

}  // namespace dlctl
