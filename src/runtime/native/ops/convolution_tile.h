// The inner loops of convolutions. A tile of pixels times a block of output channels stays in registers while the taps go
// by. A row of a pixel's window is contiguous, so that one loop runs over its columns and channels.
#pragma once

#include "convolution_shape.h"

namespace dlctl {

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kMostPixels = 12;
#else
constexpr int kMostPixels = 6;
#endif
/** Windows of 2 x 2 pixels in a tile that pools. */
constexpr int kMostWindows = kMostPixels / 4;

inline int64_t PackedFilterSize(int64_t depth, int64_t outputs) { return depth * RoundUp(outputs, kLanes); }

/**
 * Packs `depth` rows of `outputs` numbers, row d at `row(d)`, as tiles read them: block after block, of each all rows, padded
 * with 0 to whole vectors.
 */
template <class Row>
void PackFilter(int64_t depth, int64_t outputs, const Row &row, float *packed) {
  for (int64_t first = 0; first < outputs; first += kBlock) {
    const int64_t width = outputs - first > kLanes ? kBlock : kLanes;
    const int64_t real = std::min(width, outputs - first);
    for (int64_t d = 0; d < depth; ++d, packed += width) {
      memcpy(packed, row(d) + first, real * sizeof(float));
      for (int64_t lane = real; lane < width; ++lane) packed[lane] = 0;
    }
  }
}

/** Neighbouring output pixels of one row, or of two where they are pooled, times one block of channels. */
struct ConvolutionTile {
  /** The window of the first pixel; distances between neighbours. */
  const float *x;
  int64_t next_row, next_column;
  int64_t tap_rows, next_tap_row;
  /** Numbers in a row of a window. */
  int64_t depth;
  const float *filter;
  /** Of the block, padded; null: none. */
  const float *bias;
  bool relu;
  /** Added before relu, where y lies in another tensor like it; may be y itself. Null: nothing. Not where it is pooled. */
  const float *added;
  float *y;
  int64_t next_y;
  /** Which pixel of its window was the first greatest: 0 to 3 by rows, 4 where it was not above 0. Null: not asked for. */
  uint8_t *codes;
  /** How many of the block's channels are real. */
  int64_t lanes;
};

/** Sums of R rows of C pixels. */
template <int R, int C, int V>
inline __attribute__((always_inline)) void Accumulate(const ConvolutionTile &tile, Vec (&sums)[R * C][V]) {
  for (auto &pixel : sums)
    for (auto &sum : pixel) sum = Vec{};
  const int64_t next_row = tile.next_row, next_column = tile.next_column;
  const float *filter = tile.filter;
  const float *window = tile.x;
  for (int64_t row = 0; row < tile.tap_rows; ++row, window += tile.next_tap_row) {
    const float *x = window;
    for (int64_t k = 0; k < tile.depth; ++k, ++x, filter += V * kLanes) {
      Vec weights[V];
      for (int v = 0; v < V; ++v) weights[v] = Load(filter + v * kLanes);
#pragma GCC unroll 12
      for (int p = 0; p < R * C; ++p) {
        const float value = x[p / C * next_row + p % C * next_column];
        for (int v = 0; v < V; ++v) sums[p][v] += value * weights[v];
      }
    }
  }
}

inline void StoreLanes(float *to, const Vec *values, int vectors, int64_t lanes) {
  if (lanes == vectors * kLanes) {
    for (int v = 0; v < vectors; ++v) Store(to + v * kLanes, values[v]);
  } else {
    memcpy(to, values, lanes * sizeof(float));
  }
}

inline void AddLanes(const float *from, Vec *values, int vectors, int64_t lanes) {
  for (int v = 0; v < vectors; ++v) values[v] += LoadSome(from + v * kLanes, static_cast<int>(lanes) - v * kLanes);
}

/** What is not a number stays so. */
inline Vec Relu(Vec x) { return Select(x < Vec{}, Vec{}, x); }

template <int C, int V>
__attribute__((noinline)) void PlainTile(const ConvolutionTile &tile) {
  Vec sums[C][V];
  Accumulate<1, C, V>(tile, sums);
  for (int c = 0; c < C; ++c) {
    if (tile.added) AddLanes(tile.added + c * tile.next_y, sums[c], V, tile.lanes);
    for (int v = 0; v < V; ++v) {
      if (tile.bias) sums[c][v] += Load(tile.bias + v * kLanes);
      if (tile.relu) sums[c][v] = Relu(sums[c][v]);
    }
    StoreLanes(tile.y + c * tile.next_y, sums[c], V, tile.lanes);
  }
}

/** Q windows of 2 x 2 pixels: the greatest of each, after relu. */
template <int Q, int V>
__attribute__((noinline)) void PooledTile(const ConvolutionTile &tile) {
  typedef uint8_t Codes __attribute__((vector_size(kLanes)));
  Vec sums[4 * Q][V];
  Accumulate<2, 2 * Q, V>(tile, sums);
  for (int q = 0; q < Q; ++q) {
    Vec greatest[V];
    Codes codes[V];
    for (int v = 0; v < V; ++v) {
      const Vec bias = tile.bias ? Load(tile.bias + v * kLanes) : Vec{};
      Vec most = sums[2 * q][v] + bias;
      VecInt code{};
      for (int position = 1; position < 4; ++position) {
        const Vec next = sums[position / 2 * 2 * Q + 2 * q + position % 2][v] + bias;
        // The first of equal ones counts, as in TensorFlow.
        const VecInt is_greater = next > most;
        most = Select(is_greater, next, most);
        code = is_greater ? VecInt{} + position : code;
      }
      greatest[v] = Relu(most);
      codes[v] = __builtin_convertvector(most > Vec{} ? code : VecInt{} + 4, Codes);
    }
    StoreLanes(tile.y + q * tile.next_y, greatest, V, tile.lanes);
    if (tile.codes) memcpy(tile.codes + q * tile.next_y, codes, tile.lanes);
  }
}

/** The tile of `columns` pixels, at most C. */
template <int C = kMostPixels>
void RunPlainTile(const ConvolutionTile &tile, int64_t columns) {
  if (columns == C) return tile.lanes > kLanes ? PlainTile<C, 2>(tile) : PlainTile<C, 1>(tile);
  if constexpr (C > 1) RunPlainTile<C - 1>(tile, columns);
}

template <int Q = kMostWindows>
void RunPooledTile(const ConvolutionTile &tile, int64_t windows) {
  if (windows == Q) return tile.lanes > kLanes ? PooledTile<Q, 2>(tile) : PooledTile<Q, 1>(tile);
  if constexpr (Q > 1) RunPooledTile<Q - 1>(tile, windows);
}

}  // namespace dlctl
