// Blocks of floats as what tiles multiply: 1024 bytes for each tile and part, one behind the other.
#pragma once

#include "tile_product.h"
#include "transpose.h"

#if defined(DLCTL_AMX)

namespace dlctl {

constexpr size_t kTileBytes = kTileNumbers * sizeof(uint16_t);
constexpr size_t kTileRowBytes = kTileDepth * sizeof(uint16_t);

/** From a left side to a right one or back: as pairs of numbers, a tile's rows become its columns. */
inline void TransposeTile(const uint16_t *from, uint16_t *to) {
  __m512i rows[kTileSide];
#pragma GCC unroll 16
  for (int row = 0; row < kTileSide; ++row) rows[row] = _mm512_load_si512(from + row * kTileDepth);
  Transpose(rows);
#pragma GCC unroll 16
  for (int row = 0; row < kTileSide; ++row) _mm512_store_si512(to + row * kTileDepth, rows[row]);
}

__attribute__((always_inline)) inline __m512i UpperHalf(__m512 value) {
  return _mm512_and_si512(_mm512_castps_si512(value), _mm512_set1_epi32(static_cast<int>(0xffff0000u)));
}

/** A vector's parts, each as a float in whose upper half it is; the lower half is of no account. */
template <int kParts>
struct VectorParts {
  __m512i parts[kParts];

  __attribute__((always_inline)) explicit VectorParts(__m512 value) {
#pragma GCC unroll 3
    for (int part = 0; part < kParts; ++part) {
      // What is left at the end fits a bfloat16 as it is; before it, the nearest one isn't needed.
      parts[part] = part == 2 ? _mm512_castps_si512(value) : part == 1 && kParts == 3 ? UpperHalf(value) : NearestBf16(value);
      if (part + 1 < kParts) value = _mm512_sub_ps(value, _mm512_castsi512_ps(parts[part]));
    }
  }
};

/** The parts of pairs of numbers at `place` of tiles that follow each other, a row of 32 numbers of each. */
template <int kParts>
__attribute__((always_inline)) inline void StorePairs(uint16_t *tiles, int row, const VectorParts<kParts> &first,
                                                      const VectorParts<kParts> &second) {
#pragma GCC unroll 3
  for (int part = 0; part < kParts; ++part)
    _mm512_store_si512(tiles + part * kTileNumbers + row * kTileDepth, PairUp(first.parts[part], second.parts[part]));
}

/**
 * What is multiplied by rows: sums of `depth` products each. Of up to 16 the tiles would be half empty, so two parts share one:
 * their products with the other side's are added up anyway.
 */
template <int kParts>
class RowProduct {
 public:
  explicit RowProduct(int64_t depth)
      : is_half_(depth <= kTileSide), blocks_(DivideUp(static_cast<int>(depth), kTileDepth)) {}

  /** Numbers that a row must be filled up to with zeros. */
  int64_t PaddedDepth() const { return is_half_ ? kTileSide : int64_t{blocks_} * kTileDepth; }
  /** bfloat16 numbers that 16 rows take as a left side, and as a right one. */
  size_t LeftSize() const { return (is_half_ ? kLeftHalves : blocks_ * kParts) * kTileNumbers; }
  size_t RightSize() const { return (is_half_ ? kRightHalves : blocks_ * kParts) * kTileNumbers; }

  /** 32 rows, `step` floats apart. */
  void SplitLeft(const float *rows, size_t step, uint16_t *tiles) const {
    SplitLeftTile(rows, step, tiles);
    SplitLeftTile(rows + kTileSide * step, step, tiles + LeftSize());
  }
  void SplitRight(const float *rows, size_t step, uint16_t *tiles) const {
    SplitRightTile(rows, step, tiles);
    SplitRightTile(rows + kTileSide * step, step, tiles + RightSize());
  }

  /** 32 rows of the left side times 32 of the right one, to [32, 32] floats. Only within a TileScope. */
  void Multiply(const uint16_t *left, const uint16_t *right, float *to) const {
    Sums::Clear();
    if (is_half_) {
      // The smallest first.
      if constexpr (kParts == 3) AddHalves(left + kTileNumbers, right + 2 * kTileNumbers);
      if constexpr (kParts >= 2) AddHalves(left, right + kTileNumbers);
      AddHalves(left, right);
    } else {
      for (int block = 0; block < blocks_; ++block) {
        const size_t at = block * kParts * kTileNumbers;
        Sums::template Add<kParts>({left + at, kTileBytes, kTileRowBytes, LeftSize() * sizeof(uint16_t)},
                                   {right + at, kTileBytes, RightSize() * sizeof(uint16_t)});
      }
    }
    Sums::Store(to, kTileDepth);
  }

 private:
  typedef TileSums<2, 2> Sums;

  static constexpr int kLeftHalves = kParts == 3 ? 2 : 1;
  static constexpr int kRightHalves = kParts;

  void SplitLeftTile(const float *rows, size_t step, uint16_t *tiles) const {
    if (!is_half_) return SplitWhole(rows, step, tiles);
    for (int row = 0; row < kTileSide; ++row, rows += step, tiles += kTileDepth) {
      const VectorParts<kParts> split(_mm512_loadu_ps(rows));
      StoreHalves<kParts >= 2 ? 1 : -1>(tiles, split, 0);
      if constexpr (kParts == 3) StoreHalves<0>(tiles + kTileNumbers, split, 2);
    }
  }
  void SplitRightTile(const float *rows, size_t step, uint16_t *tiles) const {
    if (is_half_) {
      uint16_t *to = tiles;
      for (int row = 0; row < kTileSide; ++row, rows += step, to += kTileDepth) {
        const VectorParts<kParts> split(_mm512_loadu_ps(rows));
        StoreHalves<kParts >= 2 ? 0 : -1>(to, split, 0);
        if constexpr (kParts == 2) StoreHalves<-1>(to + kTileNumbers, split, 1);
        if constexpr (kParts == 3) {
          StoreHalves<1>(to + kTileNumbers, split, 1);
          StoreHalves<2>(to + 2 * kTileNumbers, split, 0);
        }
      }
    } else {
      SplitWhole(rows, step, tiles);
    }
    for (size_t at = 0; at < RightSize(); at += kTileNumbers) TransposeTile(tiles + at, tiles + at);
  }

  void SplitWhole(const float *rows, size_t step, uint16_t *tiles) const {
    for (int row = 0; row < kTileSide; ++row, rows += step)
      for (int block = 0; block < blocks_; ++block)
        StorePairs<kParts>(tiles + block * kParts * kTileNumbers, row,
                           VectorParts<kParts>(_mm512_loadu_ps(rows + block * kTileDepth)),
                           VectorParts<kParts>(_mm512_loadu_ps(rows + block * kTileDepth + kTileSide)));
  }

  /** Part `first` beside part `kSecond`, or beside zeros. */
  template <int kSecond>
  __attribute__((always_inline)) static void StoreHalves(uint16_t *to, const VectorParts<kParts> &split, int first) {
    __m512i second = _mm512_setzero_si512();
    if constexpr (kSecond >= 0) second = split.parts[kSecond];
    _mm512_store_si512(to, PairUp(split.parts[first], second));
  }

  __attribute__((always_inline)) void AddHalves(const uint16_t *left, const uint16_t *right) const {
    Sums::template Add<1>({left, 0, kTileRowBytes, LeftSize() * sizeof(uint16_t)},
                          {right, 0, RightSize() * sizeof(uint16_t)});
  }

  bool is_half_;
  int blocks_;
};

}  // namespace dlctl

#endif
