// Products of many rows with one matrix, in tile registers: the rows are split into parts as they come, the matrix once before.
#pragma once

#include <string.h>

#include <algorithm>
#include <type_traits>

#include "float_parts.h"
#include "op.h"
#include "transpose.h"

namespace dlctl {

/** A matrix [depth, columns], or one that is read across: element (k, column) is data[k * row_step + column * column_step], one of which is 1. */
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
    for (int tile = 0; tile < column_tiles_; ++tile) FillTile(from, block, tile, Tile(block, tile));
  }

  /** Splits the tile of 32 rows by 16 columns that is at this place of `from`, to `to`. */
  static void FillTile(const MatrixSource &from, int block, int tile, uint16_t *to) {
    const int first = tile * kTileSide, top = block * kTileDepth;
    const int columns = std::max(0, std::min(kTileSide, from.columns - first));
    if (from.column_step == 1) {
      const __mmask16 inside = static_cast<__mmask16>((1u << columns) - 1);
      const auto row = [&](int k) {
        return k < from.depth ? _mm512_maskz_loadu_ps(inside, from.data + k * from.row_step + first) : _mm512_setzero_ps();
      };
      for (int pair = 0; pair < kTileSide; ++pair) StoreSplit(row(top + pair), row(top + pair + kTileSide), pair, to);
      return;
    }
    __m512i early[kTileSide], late[kTileSide];
    const auto along = [&](int column, int k) {
      const int count = std::max(0, std::min(kTileSide, from.depth - k));
      if (column >= columns || count == 0) return _mm512_setzero_si512();
      const float *data = from.data + (first + column) * from.column_step + k;
      return _mm512_maskz_loadu_epi32(static_cast<__mmask16>((1u << count) - 1), data);
    };
#pragma GCC unroll 16
    for (int column = 0; column < kTileSide; ++column) {
      early[column] = along(column, top);
      late[column] = along(column, top + kTileSide);
    }
    Transpose(early);
    Transpose(late);
#pragma GCC unroll 16
    for (int pair = 0; pair < kTileSide; ++pair)
      StoreSplit(_mm512_castsi512_ps(early[pair]), _mm512_castsi512_ps(late[pair]), pair, to);
  }

  uint16_t *Tile(int block, int tile) const {
    const size_t at = ((static_cast<size_t>(tile / 2) * blocks_ + block) * 2 + tile % 2) * kParts * kTileNumbers;
    return reinterpret_cast<uint16_t *>(const_cast<float *>(memory_)) + at;
  }

  /** For products with the columns of this tile and, where two are multiplied at once, of the next one. */
  TileColumns Columns(int block, int tile) const {
    return {Tile(block, tile), kTileNumbers * sizeof(uint16_t), kBytes};
  }

 private:
  static constexpr size_t kBytes = kParts * kTileNumbers * sizeof(uint16_t);

  static void StoreSplit(__m512 early, __m512 late, int pair, uint16_t *to) {
    const SplitPair<kParts> split = Split<kParts>(early, late);
    for (int part = 0; part < kParts; ++part)
      _mm512_store_si512(to + part * kTileNumbers + pair * kTileDepth, split.parts[part]);
  }

  int blocks_, column_tiles_;
  const float *memory_;
};

/** Rows of `depth` numbers, split: block of 32 rows, block of 32 numbers, part, row. 0 beyond depth; what is beyond the last row is of no account. */
template <int kParts>
class SplitRows {
 public:
  /** Rows of two tiles. */
  static constexpr int kRows = 2 * kTileSide;

  SplitRows(int row_blocks, int depth)
      : depth_(depth), blocks_(DivideUp(depth, kTileDepth)), memory_(row_blocks * Bytes(blocks_) / sizeof(float)) {}

  /** What a block of rows takes. */
  static size_t Bytes(int blocks) { return static_cast<size_t>(blocks) * kBlockNumbers * sizeof(uint16_t); }

  int blocks() const { return blocks_; }

  /** `count` rows that are `step` floats apart, of them the blocks of numbers [first, end). Blocks can be split on several threads. */
  void Split(const float *x, int64_t step, int count, int row_block, int first, int end) {
    for (int row = 0; row < count; ++row) {
      for (int block = first; block < end; ++block) {
        const int k = block * kTileDepth;
        const float *const from = x + row * step + k;
        const SplitPair<kParts> split =
            dlctl::Split<kParts>(Vector(from, depth_ - k), Vector(from + kTileSide, depth_ - k - kTileSide));
        uint16_t *const to = Place(row_block, block) + row * kTileDepth;
        for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * kRows * kTileDepth, split.parts[part]);
      }
    }
  }

  TileRows At(int row_block, int block) const {
    return {Place(row_block, block), kRows * kTileDepth * sizeof(uint16_t), kTileDepth * sizeof(uint16_t),
            kTileNumbers * sizeof(uint16_t)};
  }

 private:
  static constexpr size_t kBlockNumbers = kParts * kRows * kTileDepth;

  static __m512 Vector(const float *from, int count) {
    if (count >= kTileSide) return _mm512_loadu_ps(from);
    return count <= 0 ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
  }

  uint16_t *Place(int row_block, int block) const {
    return reinterpret_cast<uint16_t *>(memory_.data()) + (static_cast<size_t>(row_block) * blocks_ + block) * kBlockNumbers;
  }

  int depth_, blocks_;
  Scratch memory_;
};

/** Multiplies rows with a tiled matrix, on one thread. Holds a TileScope, and memory for some of the rows. */
template <int kParts>
class RowMultiplier {
 public:
  RowMultiplier(const TiledMatrix<kParts> &matrix, int depth)
      : matrix_(matrix), row_blocks_(RowBlocks(matrix)), rows_(row_blocks_, depth) {}

  /**
   * `y = start + x matrix` for `count` rows, `x_step` and `y_step` floats apart, the latter of `columns` numbers. `start` holds a
   * number for each column, in whole tiles. What comes out for a row does not depend on the others.
   */
  void Multiply(const float *x, int64_t x_step, int count, const float *start, float *y, int64_t y_step, int columns) {
    const int most = row_blocks_ * kRows;
    for (int first = 0; first < count; first += most) {
      const int rows = std::min(most, count - first);
      for (int block = 0; block * kRows < rows; ++block)
        rows_.Split(x + (first + block * kRows) * x_step, x_step, std::min(kRows, rows - block * kRows), block, 0, rows_.blocks());
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
  static constexpr int kRows = SplitRows<kParts>::kRows;
  /** Bytes. */
  static constexpr size_t kSecondCache = 1 << 20;

  /** A matrix that does not fit is read for four blocks of rows at a time, if these do. */
  static int RowBlocks(const TiledMatrix<kParts> &matrix) {
    if (matrix.bytes() < kSecondCache) return 1;
    const size_t most = kSecondCache / 4 * sizeof(uint16_t) / SplitRows<kParts>::Bytes(matrix.blocks());
    return static_cast<int>(std::max<size_t>(1, std::min<size_t>(4, most)));
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
      Sums::template Add<kParts>(rows_.At(row_block, block), matrix_.Columns(block, tile));
    }
    const int width = std::min(columns, kColumnTiles * kTileSide);
    if (rows == kRowTiles * kTileSide && width == kColumnTiles * kTileSide) return Sums::Store(y, step);
    alignas(64) float sums[2 * kTileSide][2 * kTileSide];
    Sums::Store(sums[0], 2 * kTileSide);
    for (int row = 0; row < rows; ++row) memcpy(y + row * step, sums[row], width * sizeof(float));
  }

  const TileScope scope_{};
  const TiledMatrix<kParts> &matrix_;
  const int row_blocks_;
  SplitRows<kParts> rows_;
};

#endif

}  // namespace dlctl
