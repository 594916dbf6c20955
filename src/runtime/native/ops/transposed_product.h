// The product of a matrix's transpose with another one, in tile registers: sums over many rows, such as the gradient of weights.
#pragma once

#include "thread_pool.h"
#include "tile_product.h"
#include "transpose.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** What a task has of x `[rows, features]` and of dy `[rows, units]`. */
struct TransposedPart {
  int first_row, end_row, first_feature, features, first_unit, units;
};

template <int kParts>
class TransposedProduct {
 public:
  TransposedProduct(const float *x, const float *dy, int rows, int features, int units)
      : x_(x), dy_(dy), rows_(rows), features_(features), units_(units) {}

  /** Writes x's transpose times dy to `product`, and the sums of dy's rows to `sums`: the same whatever the threads. */
  void Compute(float *product, float *sums) const {
    const int row_groups = RowGroups();
    int feature_groups = 1, unit_groups = 1;
    ChooseGroups(row_groups, &feature_groups, &unit_groups);
    const int feature_pairs = DivideUp(features_, kPair), unit_pairs = DivideUp(units_, kPair);
    const size_t size = static_cast<size_t>(features_) * units_ + units_;
    // What the rows of a group add up to; the first group's is where all of it goes.
    const Scratch others((row_groups - 1) * size);
    ParallelFor(row_groups * feature_groups * unit_groups, [&](int task) {
      const int group = task / (feature_groups * unit_groups);
      const int row = task % feature_groups, column = task / feature_groups % unit_groups;
      TransposedPart part;
      part.first_row = FirstRow(group, row_groups);
      part.end_row = FirstRow(group + 1, row_groups);
      part.first_feature = kPair * PartStart(feature_pairs, row, feature_groups);
      part.features = std::min(features_, kPair * PartStart(feature_pairs, row + 1, feature_groups)) - part.first_feature;
      part.first_unit = kPair * PartStart(unit_pairs, column, unit_groups);
      part.units = std::min(units_, kPair * PartStart(unit_pairs, column + 1, unit_groups)) - part.first_unit;
      float *const own = group == 0 ? product : others.data() + (group - 1) * size + units_;
      float *const own_sums = group == 0 ? sums : own - units_;
      ComputePart(part, own, row == 0 ? own_sums : nullptr);
    });
    if (row_groups == 1) return;
    AddGroups(row_groups, size, others.data() + units_, features_ * units_, product);
    AddGroups(row_groups, size, others.data(), units_, sums);
  }

 private:
  static constexpr int kPair = 2 * kTileSide;
  /** Rows that are split and multiplied at a time. */
  static constexpr int kRows = 128;
  static constexpr int kBlocks = kRows / kTileDepth;
  static constexpr size_t kTile = kTileNumbers * sizeof(uint16_t);
  typedef TileSums<2, 2> Sums;

  /** By sizes alone, as sums depend on it. More of them share out the work better, and their results must be added up. */
  int RowGroups() const {
    const double inputs = static_cast<double>(rows_) * (features_ + units_);
    const double outputs = static_cast<double>(features_) * units_;
    return std::max(1, std::min({8, rows_ / (2 * kRows), static_cast<int>(inputs / (4 * outputs))}));
  }

  int FirstRow(int group, int groups) const {
    return std::min(rows_, kRows * PartStart(DivideUp(rows_, kRows), group, groups));
  }

  /** What can be shared out without adding up: but each task splits all rows of its own, and turns x's around. */
  void ChooseGroups(int row_groups, int *feature_groups, int *unit_groups) const {
    // What a task sums up and what it has split stay in the second cache.
    constexpr int kMostFeatures = 16, kMostUnits = 16;
    const int feature_pairs = DivideUp(features_, kPair), unit_pairs = DivideUp(units_, kPair);
    *feature_groups = DivideUp(feature_pairs, kMostFeatures);
    *unit_groups = DivideUp(unit_pairs, kMostUnits);
    while (row_groups * *feature_groups * *unit_groups < ThreadCount()) {
      const bool by_features = 2 * feature_pairs / *feature_groups >= unit_pairs / *unit_groups;
      int *const groups = by_features ? feature_groups : unit_groups;
      if (*groups >= (by_features ? feature_pairs : unit_pairs)) break;
      ++*groups;
    }
  }

  static void AddGroups(int groups, size_t step, const float *others, int count, float *total) {
    constexpr int kCount = 4096;
    ParallelFor(DivideUp(count, kCount), [&](int task) {
      const int end = std::min(count, (task + 1) * kCount);
      for (int at = task * kCount; at < end; at += kLanes) {
        Vec sum = LoadSome(total + at, end - at);
        for (int group = 1; group < groups; ++group) sum += LoadSome(others + (group - 1) * step + at, end - at);
        StoreSome(total + at, sum, end - at);
      }
    });
  }

  void ComputePart(const TransposedPart &part, float *product, float *unit_sums) const {
    const int feature_tiles = 2 * DivideUp(part.features, kPair), unit_tiles = 2 * DivideUp(part.units, kPair);
    const bool is_whole = part.features % kPair == 0 && part.units % kPair == 0;
    const Scratch memory((feature_tiles + unit_tiles) * kBlocks * kParts * kTile / sizeof(float));
    const Scratch padded(is_whole ? 0 : static_cast<size_t>(feature_tiles) * unit_tiles * kTileSide * kTileSide);
    float *const result = product + static_cast<size_t>(part.first_feature) * units_ + part.first_unit;
    float *const sums = is_whole ? result : padded.data();
    const int step = is_whole ? units_ : unit_tiles * kTileSide;
    const Scratch totals(unit_tiles * kTileSide);
    memset(totals.data(), 0, unit_tiles * kTileSide * sizeof(float));
    const auto tile_at = [&](int tile, int block) {
      return reinterpret_cast<uint16_t *>(memory.data()) +
             static_cast<size_t>(tile * kBlocks + block) * kParts * kTileNumbers;
    };
    const auto split = [&](int first, int tile, int block) {
      uint16_t *const to = tile_at(tile, block);
      if (tile < feature_tiles) {
        const int feature = part.first_feature + tile * kTileSide;
        SplitAcross(first, feature, part.first_feature + part.features - feature, to);
      } else {
        const int column = (tile - feature_tiles) * kTileSide;
        SplitColumns(first, part.first_unit + column, part.units - column, to, totals.data() + column);
      }
    };
    const TileScope scope;
    for (int top = part.first_row; top < part.end_row; top += kRows) {
      const int blocks = DivideUp(std::min(kRows, part.end_row - top), kTileDepth);
      for (int block = 0; block < blocks; ++block)
        for (int tile = 0; tile < feature_tiles + unit_tiles; ++tile) split(top + block * kTileDepth, tile, block);
      const int products = feature_tiles * unit_tiles / 4 * blocks;
      int product_index = 0, next = 0;
      const int next_count = std::max(0, std::min(kRows, part.end_row - top - kRows));
      for (int row = 0; row < feature_tiles; row += 2) {
        for (int column = 0; column < unit_tiles; column += 2) {
          float *const to = sums + static_cast<size_t>(row) * kTileSide * step + column * kTileSide;
          if (top == part.first_row) {
            Sums::Clear();
          } else {
            Sums::Load(to, step);
          }
          for (int block = 0; block < blocks; ++block) {
            Sums::Add<kParts>({tile_at(row, block), kTile, kTileDepth * sizeof(uint16_t), kBlocks * kParts * kTile},
                              {tile_at(feature_tiles + column, block), kTile, kBlocks * kParts * kTile});
            for (++product_index; next * products < product_index * next_count; ++next) Prefetch(part, top + kRows + next);
          }
          Sums::Store(to, step);
        }
      }
    }
    if (!is_whole) {
      for (int feature = 0; feature < part.features; ++feature)
        memcpy(result + static_cast<size_t>(feature) * units_, sums + static_cast<size_t>(feature) * step,
               part.units * sizeof(float));
    }
    if (unit_sums != nullptr) memcpy(unit_sums + part.first_unit, totals.data(), part.units * sizeof(float));
  }

  /** What a task reads of a row: rows are too far apart for the processor to foresee. */
  void Prefetch(const TransposedPart &part, int row) const {
    const char *x = reinterpret_cast<const char *>(x_ + static_cast<size_t>(row) * features_ + part.first_feature);
    for (size_t at = 0; at < part.features * sizeof(float); at += 64) __builtin_prefetch(x + at, 0, 2);
    const char *dy = reinterpret_cast<const char *>(dy_ + static_cast<size_t>(row) * units_ + part.first_unit);
    for (size_t at = 0; at < part.units * sizeof(float); at += 64) __builtin_prefetch(dy + at, 0, 2);
  }

  /** 16 numbers of a row, of which `count` are there; 0 below the last row. */
  static __m512 Row(const float *matrix, int64_t step, int row, int rows, int first, int count) {
    if (row >= rows || count <= 0) return _mm512_setzero_ps();
    const float *from = matrix + row * step + first;
    return count >= kTileSide ? _mm512_loadu_ps(from) : _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
  }

  /** x's rows [first, first + 32) of 16 features, as a tile with a row for each feature. */
  void SplitAcross(int first, int feature, int count, uint16_t *to) const {
    __m512i early[kTileSide], late[kTileSide];
#pragma GCC unroll 16
    for (int k = 0; k < kTileSide; ++k) {
      early[k] = _mm512_castps_si512(Row(x_, features_, first + k, rows_, feature, count));
      late[k] = _mm512_castps_si512(Row(x_, features_, first + kTileSide + k, rows_, feature, count));
    }
    Transpose(early);
    Transpose(late);
#pragma GCC unroll 16
    for (int row = 0; row < kTileSide; ++row)
      StoreParts(Split<kParts>(_mm512_castsi512_ps(early[row]), _mm512_castsi512_ps(late[row])), to + row * kTileDepth);
  }

  /** dy's rows [first, first + 32) of 16 units, and their sums added to `totals`. */
  void SplitColumns(int first, int unit, int count, uint16_t *to, float *totals) const {
    __m512 sum = _mm512_setzero_ps();
    for (int pair = 0; pair < kTileSide; ++pair) {
      const __m512 early = Row(dy_, units_, first + pair, rows_, unit, count);
      const __m512 late = Row(dy_, units_, first + kTileSide + pair, rows_, unit, count);
      sum = _mm512_add_ps(sum, _mm512_add_ps(early, late));
      StoreParts(Split<kParts>(early, late), to + pair * kTileDepth);
    }
    _mm512_store_ps(totals, _mm512_add_ps(_mm512_load_ps(totals), sum));
  }

  static void StoreParts(const SplitPair<kParts> &split, uint16_t *to) {
#pragma GCC unroll 3
    for (int part = 0; part < kParts; ++part) _mm512_store_si512(to + part * kTileNumbers, split.parts[part]);
  }

  const float *x_, *dy_;
  int rows_, features_, units_;
};

}  // namespace dlctl

#endif
