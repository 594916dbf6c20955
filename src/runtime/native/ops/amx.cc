#include "amx.h"

#include <stdlib.h>
#include <string.h>

#if defined(DLCTL_AMX)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace dlctl {
namespace {

#if defined(DLCTL_AMX)

bool ProcessorHasTiles() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  // Leaf 7: bit 22 of EDX is AMX-BF16, bit 24 AMX-TILE.
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> 22 & 1) != 0 && (d >> 24 & 1) != 0;
}

/** Linux keeps the tiles of a process only where that has asked for it: ARCH_REQ_XCOMP_PERM of XTILEDATA, for all of its threads. */
bool SystemAllowsTiles() { return syscall(SYS_arch_prctl, 0x1023, 18) == 0; }

bool FindTiles() {
  const char *level = getenv("DLCTL_NATIVE_OPS");
  const bool is_wanted = level == nullptr || *level == '\0' || strcmp(level, "x86-64-v4-amx") == 0;
  return is_wanted && ProcessorHasTiles() && SystemAllowsTiles();
}

#else

bool FindTiles() { return false; }

#endif

}  // namespace

bool HasTiles() {
  static const bool has = FindTiles();
  return has;
}

}  // namespace dlctl
