#include "photo.h"

#include <string.h>

#include <algorithm>
#include <memory>

#include "colour_profile.h"
#include "libvips.h"
#include "reduce.h"

namespace dlctl {
namespace {

/** So many lines are decoded at once: few enough to stay in the cache until they are copied. */
constexpr int kLinesDecoded = 64;

/** The size of what libvips keeps for a thread would grow; sharp does the same after each picture. */
class ThreadEnd {
 public:
  explicit ThreadEnd(const Libvips &vips) : vips_(vips) {}
  ~ThreadEnd() {
    vips_.clear_error();
    vips_.end_thread();
  }

 private:
  const Libvips &vips_;
};

bool IsAsExpected(const Libvips &vips, VipsImage *image, const ResizeRequest &request) {
  const int interpretation = request.channels == 1 ? kVipsBlackAndWhite : kVipsSrgb;
  return vips.width(image) == request.width && vips.height(image) == request.height &&
         vips.bands(image) == request.channels && vips.format(image) == kVipsUchar &&
         vips.interpretation(image) == interpretation && vips.orientation(image) == 1;
}

bool CopyPixels(const Libvips &vips, VipsImage *image, const ResizeRequest &request, uint8_t *pixels) {
  const size_t lineBytes = static_cast<size_t>(request.width) * request.channels;
  VipsRegion *region = vips.new_region(image);
  int top = 0;
  while (top < request.height) {
    const int lines = std::min(kLinesDecoded, request.height - top);
    size_t size = 0;
    unsigned char *fetched = vips.fetch(region, 0, top, request.width, lines, &size);
    if (fetched == nullptr) break;
    memcpy(pixels + top * lineBytes, fetched, std::min(size, lines * lineBytes));
    vips.free(fetched);
    if (size != lines * lineBytes) break;
    top += lines;
  }
  vips.unref(region);
  return top == request.height;
}

bool Decode(const Libvips &vips, const PhotoRequest &request, uint8_t *pixels) {
  VipsImage *image = nullptr;
  const auto load = request.isPng ? vips.load_png : vips.load_jpeg;
  if (load(const_cast<uint8_t *>(request.bytes), request.size, &image, "access", kVipsSequential, "fail_on",
           kVipsFailOnWarning, static_cast<void *>(nullptr)) != 0) {
    return false;
  }
  const ResizeRequest &expected = request.resize;
  bool isDone = IsAsExpected(vips, image, expected);
  const bool isConverted = isDone && request.isConverted && HasProfile(vips, image);
  if (isConverted && expected.channels != 3) isDone = false;
  isDone = isDone && CopyPixels(vips, image, expected, pixels);
  if (isConverted) {
    isDone = isDone && ConvertToSrgb(vips, image, pixels, static_cast<size_t>(expected.width) * expected.height);
  }
  vips.unref(image);
  return isDone;
}

/**
 * Memory for the pixels of one picture at a time, which the thread keeps while they are few: the system takes longer to give it
 * anew than the decoder to fill it.
 */
uint8_t *Memory(size_t size) {
  constexpr size_t kKept = 4 << 20;
  static thread_local std::unique_ptr<uint8_t[]> memory;
  static thread_local size_t room = 0;
  if (size > room || room > kKept) {
    memory.reset();
    room = 0;
    memory.reset(new uint8_t[size]);
    room = size;
  }
  return memory.get();
}

/** Gray as three channels. */
void Spread(const uint8_t *gray, size_t count, uint8_t *out) {
  for (size_t i = 0; i < count; ++i) memset(out + 3 * i, gray[i], 3);
}

}  // namespace

bool ReadPhoto(const PhotoRequest &request, uint8_t *out) {
  const ResizeRequest &resize = request.resize;
  const Libvips *vips = FindLibvips();
  ResizePlan plan;
  const bool isResized = resize.madeWidth > 0;
  if (vips == nullptr || (isResized && !ResizePlan::Make(resize, &plan))) return false;
  const ThreadEnd end(*vips);
  const size_t count = static_cast<size_t>(resize.width) * resize.height;
  uint8_t *pixels = Memory(count * resize.channels + kSlack);
  if (!Decode(*vips, request, pixels)) return false;
  if (isResized && resize.channels == 3) {
    plan.Run(pixels, out);
  } else if (isResized) {
    const size_t made = static_cast<size_t>(resize.madeWidth) * resize.madeHeight;
    const std::unique_ptr<uint8_t[]> gray(new uint8_t[made]);
    plan.Run(pixels, gray.get());
    Spread(gray.get(), made, out);
  } else if (resize.channels == 3) {
    memcpy(out, pixels, count * 3);
  } else {
    Spread(pixels, count, out);
  }
  return true;
}

}  // namespace dlctl
