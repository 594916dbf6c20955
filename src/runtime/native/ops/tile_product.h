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
  /** `memory` of as many floats as Floats() says, aligned for vectors, which may be filled already. */
  TiledMatrix(int depth, int columns, const float *memory)
      : blocks_(DivideUp(depth, kTileDepth)), column_tiles_(DivideUp(columns, kTileSide)), memory_(memory) {}

  static size_t Floats(int depth, int columns) {
    const size_t column_tiles = DivideUp(columns, kTileSide);
    return DivideUp(depth, kTileDepth) * (column_tiles + column_tiles % 2) * kBytes / sizeof(float);
  }

  int blocks() const { return blocks_; }
  int column_tiles() const { return column_tiles_; }
  size_t bytes() const { return blocks_ * column_tiles_ * kBytes; }

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
    return reinterpret_cast<uint16_t *>(const_cast<float *>(memory_)) + at;
  }

  int blocks_, column_tiles_;
  const float *memory_;
};

/** Multiplies rows with a tiled matrix, on one thread. Holds a TileScope, and memory for some of the rows. */
template <int kParts>
class RowMultiplier {
 public:
  explicit RowMultiplier(const TiledMatrix<kParts> &matrix)
      : matrix_(matrix),
        block_numbers_(static_cast<size_t>(matrix.blocks()) * kParts * kRows * kTileDepth),
        row_blocks_(matrix.bytes() < kSecondCache ? 1 : std::max<int>(1, std::min<size_t>(4, kSecondCache / 4 / block_numbers_))),
        rows_(row_blocks_ * block_numbers_ * sizeof(uint16_t) / sizeof(float)) {}

  /**
   * `y = start + x matrix` for `count` rows, `x_step` and `y_step` floats apart, of `depth` and `columns` numbers. `start` holds a
   * number for each column, in whole tiles. What comes out for a row does not depend on the others.
   */
  void Multiply(const float *x, int64_t x_step, int count, int depth, const float *start, float *y, int64_t y_step,
                int columns) {
    const int most = row_blocks_ * kRows;
    for (int first = 0; first < count; first += most) {
      const int rows = std::min(most, count - first);
      for (int row = 0; row < rows; ++row) SplitRow(x + (first + row) * x_step, depth, row);
      for (int tile = 0; tile < matrix_.column_tiles(); tile += 2) {
        float *const to = y + first * y_step + tile * kTileSide;
        const int width = columns - tile * kTileSide;
        for (int block = 0; block * kRows < rows; ++block)
          MultiplyBlock(block, std::min(kRows, rows - block * kRows), tile, start + tile * kTileSide,
                        to + block * kRows * y_step, y_step, width);
      }
    }
  }

 private:
  /** Rows of two tiles. */
  static constexpr int kRows = 2 * kTileSide;
  /** Bytes. A matrix that does not fit is read for four blocks of rows at a time, if these do. */
  static constexpr size_t kSecondCache = 1 << 20;

  void SplitRow(const float *x, int depth, int row) {
    uint16_t *to = Block(row / kRows) + row % kRows * kTileDepth;
    for (int k = 0; k < depth; k += kTileDepth, to += kParts * kRows * kTileDepth) {
      const SplitPair<kParts> split = Split<kParts>(Vector(x + k, depth - k), Vector(x + k + kTileSide, depth - k - kTileSide));
      for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * kRows * kTileDepth, split.parts[part]);
    }
  }

  static __m512 Vector(const float *from, int count) {
    if (count >= kTileSide) return _mm512_loadu_ps(from);
    return count <= 0 ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
  }

  void MultiplyBlock(int block, int rows, int tile, const float *start, float *y, int64_t step, int columns) {
    const bool is_pair = tile + 1 < matrix_.column_tiles();
    if (rows > kTileSide) {
      if (is_pair) return MultiplyTilesAt<2, 2>(block, rows, tile, start, y, step, columns);
      return MultiplyTilesAt<2, 1>(block, rows, tile, start, y, step, columns);
    }
    if (is_pair) return MultiplyTilesAt<1, 2>(block, rows, tile, start, y, step, columns);
    MultiplyTilesAt<1, 1>(block, rows, tile, start, y, step, columns);
  }

  template <int kRowTiles, int kColumnTiles>
  void MultiplyTilesAt(int row_block, int rows, int tile, const float *start, float *y, int64_t step, int columns) {
    typedef TileSums<kRowTiles, kColumnTiles> Sums;
    Sums::LoadEach(start);
    for (int block = 0; block < matrix_.blocks(); ++block) {
      const TileRows tile_rows{Block(row_block) + static_cast<size_t>(block) * kParts * kRows * kTileDepth,
                               kRows * kTileDepth * sizeof(uint16_t), kTileDepth * sizeof(uint16_t),
                               kTileNumbers * sizeof(uint16_t)};
      Sums::template Add<kParts>(tile_rows, matrix_.Columns(block, tile));
    }
    const int width = std::min(columns, kColumnTiles * kTileSide);
    if (rows == kRowTiles * kTileSide && width == kColumnTiles * kTileSide) return Sums::Store(y, step);
    alignas(64) float sums[2 * kTileSide][2 * kTileSide];
    Sums::Store(sums[0], 2 * kTileSide);
    for (int row = 0; row < rows; ++row) memcpy(y + row * step, sums[row], width * sizeof(float));
  }

  uint16_t *Block(int row_block) const {
    return reinterpret_cast<uint16_t *>(rows_.data()) + row_block * block_numbers_;
  }

  const TileScope scope_{};
  const TiledMatrix<kParts> &matrix_;
  const size_t block_numbers_;
  const int row_blocks_;
  const Scratch rows_;
};

#endif

}  // namespace dlctl
