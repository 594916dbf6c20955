/* A libcuda.so.1 for tests: a driver that answers what the environment says, and can do nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value ? value : otherwise;
}

/* FAKE_GPUS: name|GiB|major|minor, separated by semicolons; CUDA_VISIBLE_DEVICES chooses among them. */
static int find(int device, char *name, unsigned *gib, int *major, int *minor) {
  char list[1024], *rest = list;
  int number = 0, seen = 0;
  const char *visible = getenv("CUDA_VISIBLE_DEVICES");
  snprintf(list, sizeof list, "%s", setting("FAKE_GPUS", ""));
  for (char *item; (item = strsep(&rest, ";")) != NULL && *item; ++number) {
    if (visible && atoi(visible) != number) continue;
    if (visible && !*visible) continue;
    if (seen++ == device) return sscanf(item, "%[^|]|%u|%d|%d", name, gib, major, minor) == 4;
  }
  return 0;
}

int cuInit(unsigned flags) { (void)flags; return atoi(setting("FAKE_CUDA_INIT", "0")); }
int cuDriverGetVersion(int *version) { *version = atoi(setting("FAKE_CUDA_VERSION", "12080")); return 0; }

int cuDeviceGetCount(int *count) {
  char name[256]; unsigned gib; int major, minor;
  for (*count = 0; find(*count, name, &gib, &major, &minor); ++*count) {}
  return 0;
}

int cuDeviceGet(int *device, int index) { *device = index; return 0; }

int cuDeviceGetName(char *out, int size, int device) {
  char name[256] = ""; unsigned gib; int major, minor;
  find(device, name, &gib, &major, &minor);
  snprintf(out, (size_t)size, "%s", name);
  return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  char name[256]; unsigned gib = 0; int major, minor;
  find(device, name, &gib, &major, &minor);
  *bytes = (size_t)gib << 30;
  return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  char name[256]; unsigned gib; int major = 0, minor = 0;
  find(device, name, &gib, &major, &minor);
  *value = attribute == 75 ? major : minor;
  return 0;
}

int cuDeviceGetUuid(unsigned char *uuid, int device) { memset(uuid, device + 1, 16); return 0; }

int cuGetErrorName(int code, const char **name) {
  *name = code == 100 ? "CUDA_ERROR_NO_DEVICE" : code == 803 ? "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"
        : code == 34 ? "CUDA_ERROR_STUB_LIBRARY" : code == 999 ? "CUDA_ERROR_UNKNOWN" : NULL;
  return *name ? 0 : 1;
}
