// 16 x 16 numbers of 32 bits, across.
#pragma once

#include "amx.h"

#if defined(DLCTL_AMX)

#include <immintrin.h>

namespace dlctl {

/** rows[i][j] becomes rows[j][i]. */
__attribute__((always_inline)) inline void Transpose(__m512i (&rows)[16]) {
  __m512i pairs[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  // fours[4 g + c]: of rows 4 g to 4 g + 3, columns c, c + 4, c + 8 and c + 12, one in each quarter.
  __m512i fours[16];
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
    fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
    fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
    fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
  }
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) {
    const __m512i top_even = _mm512_shuffle_i32x4(fours[c], fours[4 + c], 0x88);
    const __m512i top_odd = _mm512_shuffle_i32x4(fours[c], fours[4 + c], 0xdd);
    const __m512i bottom_even = _mm512_shuffle_i32x4(fours[8 + c], fours[12 + c], 0x88);
    const __m512i bottom_odd = _mm512_shuffle_i32x4(fours[8 + c], fours[12 + c], 0xdd);
    // Quarters 0 and 2 of the even ones are columns c and c + 8, of the odd ones c + 4 and c + 12.
    rows[c] = _mm512_shuffle_i32x4(top_even, bottom_even, 0x88);
    rows[8 + c] = _mm512_shuffle_i32x4(top_even, bottom_even, 0xdd);
    rows[4 + c] = _mm512_shuffle_i32x4(top_odd, bottom_odd, 0x88);
    rows[12 + c] = _mm512_shuffle_i32x4(top_odd, bottom_odd, 0xdd);
  }
}

}  // namespace dlctl

#endif
