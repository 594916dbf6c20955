// The functions of libvips' C API that decode a picture. They are those of the library that sharp has loaded into this
// process: a picture is decoded by the same code, and refused for the same damage, whether sharp is asked or this.
#pragma once

#include <stddef.h>

namespace dlctl {

struct VipsImage;
struct VipsRegion;

/** Numbers of libvips' enumerations, which its binary interface keeps. */
constexpr int kVipsSequential = 1;
constexpr int kVipsFailOnWarning = 3;
constexpr int kVipsPerceptual = 0;
constexpr int kVipsUchar = 0;
constexpr int kVipsBlackAndWhite = 1;
constexpr int kVipsSrgb = 22;

struct Libvips {
  int (*load_jpeg)(void *bytes, size_t size, VipsImage **out, ...);
  int (*load_png)(void *bytes, size_t size, VipsImage **out, ...);
  VipsImage *(*new_from_memory)(const void *pixels, size_t size, int width, int height, int bands, int format);
  int (*copy)(VipsImage *in, VipsImage **out, ...);
  int (*convert)(VipsImage *in, VipsImage **out, const char *profile, ...);
  /** 0 where the image has nothing of that name. */
  size_t (*type_of)(const VipsImage *image, const char *name);
  int (*get_blob)(const VipsImage *image, const char *name, const void **data, size_t *size);
  void (*set_blob)(VipsImage *image, const char *name, const void *data, size_t size);
  int (*width)(const VipsImage *image);
  int (*height)(const VipsImage *image);
  int (*bands)(const VipsImage *image);
  int (*format)(const VipsImage *image);
  int (*interpretation)(const VipsImage *image);
  int (*orientation)(VipsImage *image);
  VipsRegion *(*new_region)(VipsImage *image);
  /** A copy of some of the pixels, which `free` takes; null where they can't be decoded. */
  unsigned char *(*fetch)(VipsRegion *region, int left, int top, int width, int height, size_t *size);
  void (*unref)(void *object);
  void (*free)(void *memory);
  void (*clear_error)();
  void (*end_thread)();
};

/** The libvips in this process; null where there is none, or one that lacks a function. */
const Libvips *FindLibvips();

}  // namespace dlctl
