#include "colour_profile.h"

#include <string.h>

#include <algorithm>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace dlctl {
namespace {

constexpr const char *kProfile = "icc-profile-data";

/** So many pixels are converted at once. */
constexpr int kPixels = 16384;

/** One profile, and an image in memory that libvips has been told to convert from it. Its pixels are set anew each time. */
class Conversion {
 public:
  Conversion(const Libvips &vips, const void *profile, size_t size)
      : vips_(vips), profile_(static_cast<const char *>(profile), size), pixels_(3 * kPixels) {
    VipsImage *memory = vips.new_from_memory(pixels_.data(), pixels_.size(), kPixels, 1, 3, kVipsUchar);
    if (memory == nullptr) return;
    VipsImage *named = nullptr;
    if (vips.copy(memory, &named, "interpretation", kVipsSrgb, static_cast<void *>(nullptr)) == 0) {
      vips.set_blob(named, kProfile, profile_.data(), size);
      if (vips.convert(named, &converted_, "srgb", "embedded", 1, "depth", 8, "intent", kVipsPerceptual,
                       static_cast<void *>(nullptr)) != 0) {
        converted_ = nullptr;
      }
      vips.unref(named);
    }
    vips.unref(memory);
  }
  Conversion(const Conversion &) = delete;
  ~Conversion() {
    if (converted_ != nullptr) vips_.unref(converted_);
  }

  bool IsOf(const void *profile, size_t size) const {
    return profile_.size() == size && memcmp(profile_.data(), profile, size) == 0;
  }

  bool Run(uint8_t *pixels, size_t count) {
    if (converted_ == nullptr || vips_.bands(converted_) != 3 || vips_.format(converted_) != kVipsUchar) return false;
    for (size_t done = 0; done < count; done += kPixels) {
      const size_t some = std::min<size_t>(kPixels, count - done);
      memcpy(pixels_.data(), pixels + 3 * done, 3 * some);
      // A new region each time: one that is there already would give the pixels of before.
      VipsRegion *region = vips_.new_region(converted_);
      size_t size = 0;
      unsigned char *fetched = vips_.fetch(region, 0, 0, static_cast<int>(some), 1, &size);
      const bool isDone = fetched != nullptr && size == 3 * some;
      if (isDone) memcpy(pixels + 3 * done, fetched, size);
      vips_.free(fetched);
      vips_.unref(region);
      if (!isDone) return false;
    }
    return true;
  }

 private:
  const Libvips &vips_;
  const std::string profile_;
  std::vector<uint8_t> pixels_;
  VipsImage *converted_ = nullptr;
};

}  // namespace

bool HasProfile(const Libvips &vips, VipsImage *image) { return vips.type_of(image, kProfile) != 0; }

bool ConvertToSrgb(const Libvips &vips, VipsImage *image, uint8_t *pixels, size_t count) {
  constexpr size_t kKept = 8;
  // Never destroyed: at the end of a process libvips may be gone before its threads are.
  static thread_local auto *kept = new std::list<std::unique_ptr<Conversion>>;
  const void *profile = nullptr;
  size_t size = 0;
  if (vips.get_blob(image, kProfile, &profile, &size) != 0) return false;
  const auto known = std::find_if(kept->begin(), kept->end(), [&](const std::unique_ptr<Conversion> &conversion) {
    return conversion->IsOf(profile, size);
  });
  if (known != kept->end()) {
    kept->splice(kept->begin(), *kept, known);
  } else {
    kept->push_front(std::make_unique<Conversion>(vips, profile, size));
    if (kept->size() > kKept) kept->pop_back();
  }
  return kept->front()->Run(pixels, count);
}

}  // namespace dlctl
