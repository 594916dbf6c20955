// Images read through a map each, for augmentation. What TensorFlow's operation for it computes for each number, this does for each pixel.
#include <math.h>
#include <string.h>

#include <algorithm>

#include "op.h"
#include "thread_pool.h"

namespace dlctl {
namespace {

/** What is seen outside of the image: a value, its nearest pixel, or its mirror image (dcba|abcd|dcba). */
enum class Outside { kConstant, kNearest, kReflect };

/** Where the pixels of an image are read along one axis: what lies outside is brought inside, but where a constant is seen there. */
float Inside(Outside outside, float at, int64_t length) {
  if (outside == Outside::kConstant) return at;
  const float last = static_cast<float>(length - 1);
  if (outside == Outside::kReflect && length > 1 && (at < 0 || at > last)) {
    const float period = static_cast<float>(2 * length);
    at -= period * floorf(at / period);
    if (at >= static_cast<float>(length)) at = period - at - 1;
  }
  return std::min(std::max(at, 0.0f), last);
}

/** An image and the value that is seen outside of it. */
struct Picture {
  const float *data;
  int64_t height, width, channels;
  float outside;

  /** Null: outside. Comparing floats, so that no place is too far away for an integer. */
  const float *Pixel(float y, float x) const {
    const bool is_inside = y >= 0 && x >= 0 && y < static_cast<float>(height) && x < static_cast<float>(width);
    return is_inside ? data + (static_cast<int64_t>(y) * width + static_cast<int64_t>(x)) * channels : nullptr;
  }

  void ReadNearest(float y, float x, float *to) const {
    const float *from = Pixel(roundf(y), roundf(x));
    for (int64_t c = 0; c < channels; ++c) to[c] = from ? from[c] : outside;
  }

  /** Neighbours weighed by their nearness. */
  void ReadBetween(float y, float x, float *to) const {
    const float top = floorf(y), left = floorf(x), down = y - top, right = x - left;
    const float *const pixels[4] = {Pixel(top, left), Pixel(top, left + 1), Pixel(top + 1, left), Pixel(top + 1, left + 1)};
    const auto value = [&](int pixel, int64_t c) { return pixels[pixel] ? pixels[pixel][c] : outside; };
    for (int64_t c = 0; c < channels; ++c) {
      const float upper = (1 - right) * value(0, c) + right * value(1, c);
      const float lower = (1 - right) * value(2, c) + right * value(3, c);
      to[c] = (1 - down) * upper + down * lower;
    }
  }
};

class Resample {
 public:
  static OpDefinition Definition() {
    return {"DlctlResample",
            {"bilinear: bool", "outside: int", "value: float"},
            {"images: float", "maps: float"},
            {"resampled: float"}};
  }

  explicit Resample(const Attributes &attributes)
      : is_bilinear_(attributes.Bool("bilinear")),
        outside_(static_cast<Outside>(attributes.Int("outside"))),
        value_(attributes.Float("value")) {
    Call::Require(outside_ >= Outside::kConstant && outside_ <= Outside::kReflect, "outside is 0, 1 or 2");
  }

  /**
   * images [batch, height, width, channels], maps [batch, 6]: the pixel at column x and row y is read at column m0 x + m1 y + m2 and row
   * m3 x + m4 y + m5. `outside` is the number of an `Outside`. A place that is not a number is outside;
   * between pixels, nor is what is read there.
   */
  void Compute(Call &call) const {
    const Tensor images = call.Input(0, 4), maps = call.Input(1, 2);
    const int64_t batch = images.dim(0), height = images.dim(1), width = images.dim(2), channels = images.dim(3);
    Call::Require(maps.dim(0) == batch && maps.dim(1) == 6, "each image must have a map of 6 numbers");
    float *resampled = call.Output(0, images.dims()).data();
    const int64_t size = height * width * channels;
    ParallelFor(static_cast<int>(batch), [&](int image) {
      const Picture picture{images.data() + image * size, height, width, channels, value_};
      Read(picture, maps.data() + 6 * image, resampled + image * size);
    });
  }

 private:
  void Read(const Picture &picture, const float *map, float *to) const {
    for (int64_t row = 0; row < picture.height; ++row) {
      for (int64_t column = 0; column < picture.width; ++column, to += picture.channels) {
        const float x = static_cast<float>(column), y = static_cast<float>(row);
        const float from_x = Inside(outside_, map[0] * x + map[1] * y + map[2], picture.width);
        const float from_y = Inside(outside_, map[3] * x + map[4] * y + map[5], picture.height);
        if (is_bilinear_) picture.ReadBetween(from_y, from_x, to);
        else picture.ReadNearest(from_y, from_x, to);
      }
    }
  }

  bool is_bilinear_;
  Outside outside_;
  float value_;
};

}  // namespace

void RegisterResampleOps() { RegisterOp<Resample>(); }

}  // namespace dlctl
