// The tile registers of processors with AMX: products of blocks of 16 x 32 by 32 x 16 numbers of type bfloat16, summed up in float32.
// Intel's manual, volume 2, "TDPBF16PS". What computes with them goes through float_parts.h, which makes whole floats of it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vector.h"

// By inline assembly, as compilers older than the instructions know neither their names nor what they read and write.
#if defined(__linux__) && defined(__x86_64__) && defined(__AVX512F__) && defined(__AVX512BW__) && \
    (defined(__clang__) ? __clang_major__ >= 11 : __GNUC__ >= 10)
#define DLCTL_AMX 1
#endif

namespace dlctl {

/** Rows of a tile of sums, and columns. */
constexpr int kTileSide = 16;
/** Terms of each sum that one instruction adds. */
constexpr int kTileDepth = 32;

/** Whether processor and system have tiles, and DLCTL_NATIVE_OPS doesn't name a level without. The same as long as the process lives. */
bool HasTiles();

#if defined(DLCTL_AMX)

template <int kTile>
__attribute__((always_inline)) inline void ClearTile() {
  asm volatile("tilezero %%tmm%c0" ::"i"(kTile));
}

/** 16 rows of 64 bytes, `step` bytes apart. */
template <int kTile>
__attribute__((always_inline)) inline void LoadTile(const void *from, size_t step) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(step), "i"(kTile) : "memory");
}

template <int kTile>
__attribute__((always_inline)) inline void StoreTile(void *to, size_t step) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(step), "i"(kTile) : "memory");
}

/** Adds the product of tiles `kLeft` (16 rows of 32 numbers) and `kRight` (16 pairs of rows, the two of a pair in turns) to tile `kSum`. */
template <int kSum, int kLeft, int kRight>
__attribute__((always_inline)) inline void MultiplyTiles() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kSum), "i"(kLeft), "i"(kRight));
}

/**
 * One instruction of vectors. A processor turns their unit off when it has nothing to do for some 500 ns, and to store a tile takes that
 * unit: where only tiles are multiplied for longer, the store would wait 230 ns for it to come back.
 */
__attribute__((always_inline)) inline void KeepVectorsAwake() {
  asm volatile("vpxord %%zmm31, %%zmm31, %%zmm31\n\tvaddps %%zmm31, %%zmm31, %%zmm31" ::: "xmm31");
}

/**
 * For the thread it is made in, as long as it lives: all eight tiles are of 16 rows of 64 bytes, their contents undefined at first.
 * What other code had set up is set up again afterwards; oneDNN remembers what it did. Only where HasTiles().
 */
class TileScope {
 public:
  TileScope() {
    asm volatile("sttilecfg %0" : "=m"(before_));
    Setup ours;
    asm volatile("ldtilecfg %0" ::"m"(ours));
  }
  ~TileScope() {
    if (before_.palette == 0) {
      asm volatile("tilerelease" ::: "memory");
    } else {
      asm volatile("ldtilecfg %0" ::"m"(before_));
    }
  }
  TileScope(const TileScope &) = delete;
  TileScope &operator=(const TileScope &) = delete;

 private:
  struct Setup {
    Setup() {
      for (int tile = 0; tile < 8; ++tile) {
        row_bytes[tile] = 2 * kTileDepth;
        rows[tile] = kTileSide;
      }
    }
    uint8_t palette = 1, start_row = 0, reserved[14] = {};
    uint16_t row_bytes[16] = {};
    uint8_t rows[16] = {};
  };
  static_assert(sizeof(Setup) == 64, "as the processor reads it");

  Setup before_;
};

#endif

}  // namespace dlctl
