#include "libvips.h"

#include <dlfcn.h>
#include <string.h>

#include <string>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#else
#include <link.h>
#endif

namespace dlctl {
namespace {

/** sharp's own build is one library with the C++ interface; a libvips of the system has the C functions beside it. */
bool IsLibvips(const char *path) {
  const char *name = strrchr(path, '/');
  name = name ? name + 1 : path;
  return strncmp(name, "libvips-cpp.", 12) == 0 || strncmp(name, "libvips.", 8) == 0;
}

/** Opened again, so that it stays; null when it lacks a function. */
void *Open(const char *path) {
  void *library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (library != nullptr && dlsym(library, "vips_jpegload_buffer") != nullptr) return library;
  if (library != nullptr) dlclose(library);
  return nullptr;
}

void *OpenLoaded() {
  void *library = nullptr;
#if defined(__APPLE__)
  for (uint32_t i = 0; i < _dyld_image_count() && library == nullptr; ++i) {
    const char *path = _dyld_get_image_name(i);
    if (IsLibvips(path)) library = Open(path);
  }
#else
  std::string paths[2];
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *data) {
        auto *paths = static_cast<std::string *>(data);
        if (!IsLibvips(info->dlpi_name)) return 0;
        paths[paths[0].empty() ? 0 : 1] = info->dlpi_name;
        return 0;
      },
      paths);
  // Not while they are walked through: dlopen takes the same lock.
  for (const std::string &path : paths) {
    if (!path.empty() && library == nullptr) library = Open(path.c_str());
  }
#endif
  return library;
}

template <typename Function>
bool Find(void *library, const char *name, Function *&function) {
  function = reinterpret_cast<Function *>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

const Libvips *FindLibvips() {
  static const Libvips *found = []() -> const Libvips * {
    void *library = OpenLoaded();
    if (library == nullptr) return nullptr;
    static Libvips vips;
    const bool isWhole = Find(library, "vips_jpegload_buffer", vips.load_jpeg) &&
                         Find(library, "vips_pngload_buffer", vips.load_png) &&
                         Find(library, "vips_image_new_from_memory", vips.new_from_memory) &&
                         Find(library, "vips_copy", vips.copy) &&
                         Find(library, "vips_icc_transform", vips.convert) &&
                         Find(library, "vips_image_get_typeof", vips.type_of) &&
                         Find(library, "vips_image_get_blob", vips.get_blob) &&
                         Find(library, "vips_image_set_blob_copy", vips.set_blob) &&
                         Find(library, "vips_image_get_width", vips.width) &&
                         Find(library, "vips_image_get_height", vips.height) &&
                         Find(library, "vips_image_get_bands", vips.bands) &&
                         Find(library, "vips_image_get_format", vips.format) &&
                         Find(library, "vips_image_get_interpretation", vips.interpretation) &&
                         Find(library, "vips_image_get_orientation", vips.orientation) &&
                         Find(library, "vips_region_new", vips.new_region) &&
                         Find(library, "vips_region_fetch", vips.fetch) &&
                         Find(library, "g_object_unref", vips.unref) && Find(library, "g_free", vips.free) &&
                         Find(library, "vips_error_clear", vips.clear_error) &&
                         Find(library, "vips_thread_shutdown", vips.end_thread);
    return isWhole ? &vips : nullptr;
  }();
  return found;
}

}  // namespace dlctl
