// Images of other sizes, by the nearest pixel or by its neighbours' means.
#include <math.h>
#include <string.h>

#include "../ops/row.h"
#include "inputs.h"
#include "parallel_parts.h"
#include "program_ops.h"

namespace dlctl {
namespace {

/** Where output pixels lie in the image, along one axis. */
class Scale {
 public:
  Scale(int64_t in, int64_t out, bool aligns_corners, bool has_half_pixels)
      : in_(in),
        half_(has_half_pixels ? 0.5f : 0),
        factor_(aligns_corners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                                          : static_cast<float>(in) / static_cast<float>(std::max<int64_t>(1, out))),
        aligns_corners_(aligns_corners) {}

  float Place(int64_t at) const { return (static_cast<float>(at) + half_) * factor_; }

  int64_t Nearest(int64_t at) const {
    const float place = Place(at);
    const auto pixel = static_cast<int64_t>(aligns_corners_ ? roundf(place) : floorf(place));
    return std::min(std::max<int64_t>(0, pixel), in_ - 1);
  }

  /** The pixels below and above, and the share of the second. */
  void Neighbours(int64_t at, int64_t *below, int64_t *above, float *share) const {
    const float place = Place(at) - half_, whole = floorf(place);
    *below = std::max<int64_t>(0, static_cast<int64_t>(whole));
    *above = std::min(static_cast<int64_t>(ceilf(place)), in_ - 1);
    *below = std::min(*below, in_ - 1);
    *above = std::max<int64_t>(0, *above);
    *share = place - whole;
  }

 private:
  int64_t in_;
  float half_, factor_;
  bool aligns_corners_;
};

/** Images and the new height and width. */
template <bool kIsNearest>
class Resize {
 public:
  explicit Resize(const Attributes &attributes)
      : aligns_corners_(attributes.Bool("align_corners")), has_half_pixels_(attributes.Bool("half_pixel_centers")) {
    Call::Require(!(aligns_corners_ && has_half_pixels_), "corners or centres of pixels are aligned");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 4);
    RequireFloats(x);
    const std::vector<int64_t> sizes = IntegersOf(call.Input(1));
    Call::Require(sizes.size() == 2, "a height and a width are needed");
    const int64_t channels = x.dim(3);
    const Tensor y = call.Output(0, {x.dim(0), sizes[0], sizes[1], channels});
    if (y.size() == 0) return;
    Call::Require(x.size() > 0, "there is nothing to resize");
    const Scale rows(x.dim(1), sizes[0], aligns_corners_, has_half_pixels_);
    const Scale columns(x.dim(2), sizes[1], aligns_corners_, has_half_pixels_);
    ParallelParts(x.dim(0) * sizes[0], 4 * sizes[1] * channels, [&](int64_t first, int64_t end) {
      for (int64_t row = first; row < end; ++row) {
        const float *const image = x.data() + row / sizes[0] * x.dim(1) * x.dim(2) * channels;
        float *const to = y.data() + row * sizes[1] * channels;
        if (kIsNearest) NearestRow(image + rows.Nearest(row % sizes[0]) * x.dim(2) * channels, columns, sizes[1], channels, to);
        else BilinearRow(image, x.dim(2), rows, row % sizes[0], columns, sizes[1], channels, to);
      }
    });
  }

 private:
  static void NearestRow(const float *from, const Scale &columns, int64_t width, int64_t channels, float *to) {
    for (int64_t column = 0; column < width; ++column)
      memcpy(to + column * channels, from + columns.Nearest(column) * channels, channels * sizeof(float));
  }

  static void BilinearRow(const float *image, int64_t image_width, const Scale &rows, int64_t row, const Scale &columns,
                          int64_t width, int64_t channels, float *to) {
    int64_t top, bottom, left, right;
    float down, across;
    rows.Neighbours(row, &top, &bottom, &down);
    const float *const upper = image + top * image_width * channels, *const lower = image + bottom * image_width * channels;
    for (int64_t column = 0; column < width; ++column) {
      columns.Neighbours(column, &left, &right, &across);
      ForVectors(channels, [&](int64_t at, int count) {
        const auto load = [&](const float *line, int64_t pixel) { return LoadSome(line + pixel * channels + at, count); };
        const Vec above = load(upper, left) + (load(upper, right) - load(upper, left)) * across;
        const Vec below = load(lower, left) + (load(lower, right) - load(lower, left)) * across;
        StoreSome(to + column * channels + at, above + (below - above) * down, count);
      });
    }
  }

  bool aligns_corners_, has_half_pixels_;
};

}  // namespace

void RegisterResizingOps() {
  RegisterProgramOp<Resize<true>>("ResizeNearestNeighbor");
  RegisterProgramOp<Resize<false>>("ResizeBilinear");
}

}  // namespace dlctl
