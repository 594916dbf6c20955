// Products of many rows with one matrix, in tile registers: the rows are split into parts as they come, the matrix once before.
#pragma once

#include <string.h>

#include <algorithm>
#include <type_traits>

#include "float_parts.h"
#include "op.h"

namespace dlctl {

/** A matrix [depth, columns], or one that is read across: element (k, column) is data[k * row_step + column * column_step]. */
struct MatrixSource {
  const float *data;
  int depth, columns;
  int64_t row_step, column_step;
};

/** The attribute `parts: int` of an operation. */
inline int PartsOf(const Attributes &attributes) {
  const int64_t parts = attributes.Int("parts");
  Call::Require(parts >= 1 && parts <= 3, "a float has 1 to 3 parts");
  return static_cast<int>(parts);
}

inline int DivideUp(int count, int by) { return (count + by - 1) / by; }

#if defined(DLCTL_AMX)

/** Calls `body(constant)`, whose value is the number of parts. */
template <class Body>
inline void WithParts(int parts, const Body &body) {
  if (parts == 1) return body(std::integral_constant<int, 1>());
  if (parts == 2) return body(std::integral_constant<int, 2>());
  body(std::integral_constant<int, 3>());
}

/** Numbers of a tile of type bfloat16. */
constexpr size_t kTileNumbers = kTileSide * kTileDepth;

/**
 * A matrix as tiles: two blocks of 16 columns, block of 32 rows, one of the two, part; so what is multiplied one after the other lies
 * side by side. 0 beyond its edges. A pair is rows k and k + 16 of a block.
 */
template <int kParts>
class TiledMatrix {
 public:
  TiledMatrix(int depth, int columns)
      : blocks_(DivideUp(depth, kTileDepth)),
        column_tiles_(DivideUp(columns, kTileSide)),
        memory_(blocks_ * (column_tiles_ + column_tiles_ % 2) * kBytes / sizeof(float)) {}

  int blocks() const { return blocks_; }
  int column_tiles() const { return column_tiles_; }

  /** Blocks can be filled on several threads. */
  void FillBlock(const MatrixSource &from, int block) {
    const __m512i steps = _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                                             _mm512_set1_epi32(static_cast<int>(from.column_step)));
    for (int tile = 0; tile < column_tiles_; ++tile) {
      const int first = tile * kTileSide;
      const __mmask16 inside = static_cast<__mmask16>((1u << std::min(kTileSide, from.columns - first)) - 1);
      const auto row = [&](int k) {
        if (k >= from.depth) return _mm512_setzero_ps();
        const float *data = from.data + k * from.row_step + first * from.column_step;
        if (from.column_step == 1) return _mm512_maskz_loadu_ps(inside, data);
        return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), inside, steps, data, sizeof(float));
      };
      uint16_t *const to = Tiles(block, tile);
      for (int pair = 0; pair < kTileSide; ++pair) {
        const int k = block * kTileDepth + pair;
        const SplitPair<kParts> split = Split<kParts>(row(k), row(k + kTileSide));
        for (int part = 0; part < kParts; ++part)
          _mm512_store_si512(to + part * kTileNumbers + pair * kTileDepth, split.parts[part]);
      }
    }
  }

  /** For products with the columns of this tile and, where two are multiplied at once, of the next one. */
  TileColumns Columns(int block, int tile) const {
    return {Tiles(block, tile), kTileNumbers * sizeof(uint16_t), kBytes};
  }

 private:
  static constexpr size_t kBytes = kParts * kTileNumbers * sizeof(uint16_t);

  uint16_t *Tiles(int block, int tile) const {
    const size_t at = ((static_cast<size_t>(tile / 2) * blocks_ + block) * 2 + tile % 2) * kParts * kTileNumbers;
    return reinterpret_cast<uint16_t *>(memory_.data()) + at;
  }

  int blocks_, column_tiles_;
  Scratch memory_;
};

/** Multiplies rows with a tiled matrix, on one thread. Holds a TileScope, and memory for 32 rows. */
template <int kParts>
class RowMultiplier {
 public:
  static constexpr int kRows = 2 * kTileSide;

  explicit RowMultiplier(const TiledMatrix<kParts> &matrix)
      : matrix_(matrix), rows_(matrix.blocks() * kParts * kRows * kTileDepth / 2) {}

  /**
   * `y = start + x matrix` for `count` rows, `x_step` and `y_step` floats apart, of `depth` and `columns` numbers. `start` holds a
   * number for each column, in whole tiles. What comes out for a row does not depend on the others.
   */
  void Multiply(const float *x, int64_t x_step, int count, int depth, const float *start, float *y, int64_t y_step,
                int columns) {
    for (int first = 0; first < count; first += kRows) {
      const int rows = std::min(kRows, count - first);
      SplitRows(x + first * x_step, x_step, rows, depth);
      float *const to = y + first * y_step;
      if (rows > kTileSide) {
        MultiplyBlock<2>(rows, start, to, y_step, columns);
      } else {
        MultiplyBlock<1>(rows, start, to, y_step, columns);
      }
    }
  }

 private:
  void SplitRows(const float *x, int64_t step, int rows, int depth) {
    for (int row = 0; row < rows; ++row) {
      const float *const from = x + row * step;
      uint16_t *to = numbers() + row * kTileDepth;
      for (int k = 0; k < depth; k += kTileDepth, to += kParts * kRows * kTileDepth) {
        const SplitPair<kParts> split = Split<kParts>(Vector(from + k, depth - k), Vector(from + k + kTileSide, depth - k - kTileSide));
        for (int part = 0; part < kParts; ++part)
          _mm512_store_si512(to + part * kRows * kTileDepth, split.parts[part]);
      }
    }
  }

  static __m512 Vector(const float *from, int count) {
    if (count >= kTileSide) return _mm512_loadu_ps(from);
    return count <= 0 ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
  }

  template <int kRowTiles>
  void MultiplyBlock(int rows, const float *start, float *y, int64_t step, int columns) {
    for (int tile = 0; tile < matrix_.column_tiles(); tile += 2) {
      const int first = tile * kTileSide, width = std::min(2 * kTileSide, columns - first);
      if (tile + 1 < matrix_.column_tiles()) {
        MultiplyTilesAt<kRowTiles, 2>(tile, rows, start + first, y + first, step, width);
      } else {
        MultiplyTilesAt<kRowTiles, 1>(tile, rows, start + first, y + first, step, width);
      }
    }
  }

  template <int kRowTiles, int kColumnTiles>
  void MultiplyTilesAt(int tile, int rows, const float *start, float *y, int64_t step, int width) {
    typedef TileSums<kRowTiles, kColumnTiles> Sums;
    Sums::LoadEach(start);
    for (int block = 0; block < matrix_.blocks(); ++block) {
      const TileRows rows_of_block{numbers() + static_cast<size_t>(block) * kParts * kRows * kTileDepth,
                                   kRows * kTileDepth * sizeof(uint16_t), kTileDepth * sizeof(uint16_t),
                                   kTileNumbers * sizeof(uint16_t)};
      Sums::template Add<kParts>(rows_of_block, matrix_.Columns(block, tile));
    }
    if (rows == kRowTiles * kTileSide && width == kColumnTiles * kTileSide) return Sums::Store(y, step);
    alignas(64) float sums[2 * kTileSide][2 * kTileSide];
    Sums::Store(sums[0], 2 * kTileSide);
    for (int row = 0; row < rows; ++row) memcpy(y + row * step, sums[row], width * sizeof(float));
  }

  uint16_t *numbers() const { return reinterpret_cast<uint16_t *>(rows_.data()); }

  const TileScope scope_{};
  const TiledMatrix<kParts> &matrix_;
  const Scratch rows_;
};

#endif

}  // namespace dlctl
