// Floats as sums of numbers of type bfloat16, which tiles multiply. The nearest bfloat16, the nearest one to what is left, and the
// rest, which is one itself: three parts hold all 24 bits of a float. Of the nine products of two numbers' parts, the six that
// are not below the last bit give the product as exactly as float32 itself; three (of two parts) give it to 16 bits,
// and one to 8. Numbers of which a part would be below the normal ones (1e-38) lose it.
#pragma once

#include "amx.h"

#if defined(DLCTL_AMX)

#include <immintrin.h>

namespace dlctl {

/** The parts of 32 numbers, each as 32 bfloat16: those of the first vector in the even places, of the second in the odd ones. */
template <int kParts>
struct SplitPair {
  __m512i parts[kParts];
};

/** The nearest bfloat16, ties away from 0, as a float. */
__attribute__((always_inline)) inline __m512i NearestBf16(__m512 value) {
  return _mm512_and_si512(_mm512_add_epi32(_mm512_castps_si512(value), _mm512_set1_epi32(0x8000)),
                          _mm512_set1_epi32(static_cast<int>(0xffff0000u)));
}

/** Two floats whose lower halves are 0 (or of no account) as pairs of bfloat16. */
__attribute__((always_inline)) inline __m512i PairUp(__m512i first, __m512i second) {
  // (first >> 16) | (second & 0xffff0000)
  return _mm512_mask_mov_epi16(second, 0x55555555u, _mm512_srli_epi32(first, 16));
}

template <int kParts>
__attribute__((always_inline)) inline SplitPair<kParts> Split(__m512 first, __m512 second) {
  SplitPair<kParts> split;
#pragma GCC unroll 3
  for (int part = 0; part < kParts; ++part) {
    // What is left at the end fits a bfloat16 as it is.
    const bool is_rest = part == 2;
    const __m512i a = is_rest ? _mm512_castps_si512(first) : NearestBf16(first);
    const __m512i b = is_rest ? _mm512_castps_si512(second) : NearestBf16(second);
    split.parts[part] = PairUp(a, b);
    if (part + 1 == kParts) break;
    first = _mm512_sub_ps(first, _mm512_castsi512_ps(a));
    second = _mm512_sub_ps(second, _mm512_castsi512_ps(b));
  }
  return split;
}

/** Rows to be multiplied. */
struct TileRows {
  /** Part 0 of the first row, and how many bytes further its other parts begin. */
  const uint16_t *data;
  size_t part_bytes;
  /** From row to row, and to the second tile of rows. */
  size_t row_bytes, tile_bytes;
};

/** Columns that they are multiplied with, as tiles of 16 pairs of rows, 1024 bytes each. */
struct TileColumns {
  /** Part 0 of the first columns, how many bytes further its other parts begin, and the second tile of columns. */
  const uint16_t *data;
  size_t part_bytes, tile_bytes;
};

/**
 * Up to 2 x 2 tiles of sums, which stay in the tile registers. Only within a TileScope, and not two of them at a time: tiles 0 to 3
 * are the sums, 4 to 7 what is multiplied.
 */
template <int kRows, int kColumns>
struct TileSums {
  static_assert(kRows >= 1 && kRows <= 2 && kColumns >= 1 && kColumns <= 2, "there are four tiles of sums");

  static void Clear() {
    ClearTile<0>();
    if constexpr (kColumns == 2) ClearTile<1>();
    if constexpr (kRows == 2) ClearTile<2>();
    if constexpr (kRows == 2 && kColumns == 2) ClearTile<3>();
  }

  /** All rows begin with the same numbers, one for each column. */
  static void LoadEach(const float *row) {
    LoadTile<0>(row, 0);
    if constexpr (kColumns == 2) LoadTile<1>(row + kTileSide, 0);
    if constexpr (kRows == 2) LoadTile<2>(row, 0);
    if constexpr (kRows == 2 && kColumns == 2) LoadTile<3>(row + kTileSide, 0);
  }

  /** From or to floats in rows `step` floats apart. The second tile of rows is 16 rows further. */
  static void Load(const float *from, size_t step) {
    const size_t bytes = step * sizeof(float);
    LoadTile<0>(from, bytes);
    if constexpr (kColumns == 2) LoadTile<1>(from + kTileSide, bytes);
    if constexpr (kRows == 2) LoadTile<2>(from + kTileSide * step, bytes);
    if constexpr (kRows == 2 && kColumns == 2) LoadTile<3>(from + kTileSide * step + kTileSide, bytes);
  }
  static void Store(float *to, size_t step) {
    const size_t bytes = step * sizeof(float);
    StoreTile<0>(to, bytes);
    if constexpr (kColumns == 2) StoreTile<1>(to + kTileSide, bytes);
    if constexpr (kRows == 2) StoreTile<2>(to + kTileSide * step, bytes);
    if constexpr (kRows == 2 && kColumns == 2) StoreTile<3>(to + kTileSide * step + kTileSide, bytes);
  }

  /** Adds the products of 32 numbers of each row by those of each column. */
  template <int kParts>
  __attribute__((always_inline)) static void Add(const TileRows &left, const TileColumns &right) {
    KeepVectorsAwake();
    // From one product to the next only one side is loaded anew.
    LoadLeft<0>(left);
    if constexpr (kParts == 3) AddProducts<2>(right);
    if constexpr (kParts >= 2) AddProducts<1>(right);
    AddProducts<0>(right);
    if constexpr (kParts >= 2) {
      LoadLeft<1>(left);
      Multiply();
    }
    if constexpr (kParts == 3) {
      AddProducts<1>(right);
      LoadLeft<2>(left);
      AddProducts<0>(right);
    }
  }

 private:
  template <int kPart>
  __attribute__((always_inline)) static void LoadLeft(const TileRows &left) {
    const char *data = reinterpret_cast<const char *>(left.data) + kPart * left.part_bytes;
    LoadTile<4>(data, left.row_bytes);
    if constexpr (kRows == 2) LoadTile<5>(data + left.tile_bytes, left.row_bytes);
  }
  template <int kPart>
  __attribute__((always_inline)) static void AddProducts(const TileColumns &right) {
    const char *data = reinterpret_cast<const char *>(right.data) + kPart * right.part_bytes;
    LoadTile<6>(data, 64);
    if constexpr (kColumns == 2) LoadTile<7>(data + right.tile_bytes, 64);
    Multiply();
  }
  __attribute__((always_inline)) static void Multiply() {
    MultiplyTiles<0, 4, 6>();
    if constexpr (kColumns == 2) MultiplyTiles<1, 4, 7>();
    if constexpr (kRows == 2) MultiplyTiles<2, 5, 6>();
    if constexpr (kRows == 2 && kColumns == 2) MultiplyTiles<3, 5, 7>();
  }
};

}  // namespace dlctl

#endif
