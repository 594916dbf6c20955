// Numbers below the normal ones are 0, as in TensorFlow's own threads: what decays for long would otherwise end among
// them, and processors compute with them a hundred times slower.
#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace dlctl {

/** For the thread it is made in, as long as it lives. Without effect on other processors than x86. */
class FlushDenormals {
 public:
#if defined(__SSE__)
  // Results (bit 15) and inputs (bit 6).
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals &) = delete;
  FlushDenormals &operator=(const FlushDenormals &) = delete;

#if defined(__SSE__)
 private:
  unsigned before_;
#endif
};

}  // namespace dlctl
