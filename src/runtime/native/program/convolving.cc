// Convolutions that DlctlConvolution (../ops/convolution.cc) is not for: of volumes, dilated, of each channel alone, and the
// transposed ones.
#include <string.h>

#include "../ops/row.h"
#include "parallel_parts.h"
#include "program_ops.h"
#include "windows.h"

namespace dlctl {
namespace {

/** Strides, padding and so on, as TensorFlow writes them. */
struct ConvolvingOptions {
  explicit ConvolvingOptions(const Attributes &attributes)
      : strides(attributes.Ints("strides")),
        dilations(attributes.Ints("dilations")),
        padding(attributes.Text("padding")) {
    const std::string format = attributes.Text("data_format");
    Call::Require(format == "NHWC" || format == "NDHWC", "channels must be the last axis");
    for (const std::vector<int64_t> &list : {strides, dilations})
      Call::Require(list.size() >= 4 && list.front() == 1 && list.back() == 1,
                    "neither examples nor channels have a stride");
  }

  /** `filter` [taps of each axis, two axes of channels]. */
  Windows WindowsOf(const Dims &in, const Dims &filter) const {
    Call::Require(in.rank() == filter.rank(), "the filter is for other axes");
    const std::vector<int64_t> taps(filter.data(), filter.data() + filter.rank() - 2);
    return Windows(in, taps, strides, dilations, padding);
  }

  std::vector<int64_t> strides, dilations;
  std::string padding;
};

/** sums [columns] += value * row [columns] for all of `depth`. */
inline void AddProducts(const float *values, int64_t depth, const float *rows, int64_t columns, float *sums) {
  for (int64_t d = 0; d < depth; ++d) {
    const Vec value = Broadcast(values[d]);
    const float *const row = rows + d * columns;
    ForVectors(columns, [&](int64_t at, int count) {
      StoreSome(sums + at, LoadSome(sums + at, count) + value * LoadSome(row + at, count), count);
    });
  }
}

/** Filter [taps of each axis, channels, filters]. */
class Convolve {
 public:
  explicit Convolve(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0), filter = call.Input(1);
    RequireFloats(x);
    RequireFloats(filter);
    const Windows windows = options_.WindowsOf(x.dims(), filter.dims());
    const int64_t channels = x.dim(x.rank() - 1), filters = filter.dim(filter.rank() - 1);
    Call::Require(filter.dim(filter.rank() - 2) == channels, "the filter is for another number of channels");
    const Tensor y = call.Output(0, windows.OutDims(x.dims(), filters));
    const int64_t pixels = windows.out_pixels();
    if (y.size() == 0) return;
    ParallelParts(x.dim(0) * pixels, windows.taps() * channels * filters, [&](int64_t first, int64_t end) {
      for (int64_t at = first; at < end; ++at) {
        const float *const image = x.data() + at / pixels * windows.in_pixels() * channels;
        float *const sums = y.data() + at * filters;
        memset(sums, 0, filters * sizeof(float));
        windows.ForTaps(at % pixels, [&](int64_t tap, int64_t pixel) {
          AddProducts(image + pixel * channels, channels, filter.data() + tap * channels * filters, filters, sums);
        });
      }
    });
  }

 private:
  ConvolvingOptions options_;
};

/** Each channel by filters of its own: filter [rows, columns, channels, multiplier]. */
class ConvolveDepthwise {
 public:
  explicit ConvolveDepthwise(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 4), filter = call.Input(1, 4);
    RequireFloats(x);
    RequireFloats(filter);
    const Windows windows = options_.WindowsOf(x.dims(), filter.dims());
    const int64_t channels = x.dim(3), multiplier = filter.dim(3), width = channels * multiplier;
    Call::Require(filter.dim(2) == channels, "the filter is for another number of channels");
    const Tensor y = call.Output(0, windows.OutDims(x.dims(), width));
    const int64_t pixels = windows.out_pixels();
    if (y.size() == 0) return;
    ParallelParts(x.dim(0) * pixels, windows.taps() * width, [&](int64_t first, int64_t end) {
      for (int64_t at = first; at < end; ++at) {
        const float *const image = x.data() + at / pixels * windows.in_pixels() * channels;
        float *const sums = y.data() + at * width;
        if (multiplier == 1) {
          ForVectors(channels, [&](int64_t channel, int count) {
            Vec sum{};
            windows.ForTaps(at % pixels, [&](int64_t tap, int64_t pixel) {
              sum += LoadSome(image + pixel * channels + channel, count) *
                     LoadSome(filter.data() + tap * channels + channel, count);
            });
            StoreSome(sums + channel, sum, count);
          });
          continue;
        }
        memset(sums, 0, width * sizeof(float));
        windows.ForTaps(at % pixels, [&](int64_t tap, int64_t pixel) {
          for (int64_t channel = 0; channel < channels; ++channel)
            for (int64_t m = 0; m < multiplier; ++m)
              sums[channel * multiplier + m] +=
                  image[pixel * channels + channel] * filter.data()[(tap * channels + channel) * multiplier + m];
        });
      }
    });
  }

 private:
  ConvolvingOptions options_;
};

/**
 * The transposed convolution: the shape of the result, filter [taps of each axis, channels of the result, channels of x] and x, which
 * is as large as the convolution of the result would be.
 */
class ConvolveTransposed {
 public:
  explicit ConvolveTransposed(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Dims dims(IntegersOf(call.Input(0)));
    const Tensor filter = call.Input(1), x = call.Input(2);
    RequireFloats(filter);
    RequireFloats(x);
    const Windows windows = options_.WindowsOf(dims, filter.dims());
    const int64_t channels = x.dim(x.rank() - 1), filters = dims[dims.rank() - 1];
    Call::Require(filter.dim(filter.rank() - 2) == filters && filter.dim(filter.rank() - 1) == channels &&
                      x.dims() == windows.OutDims(dims, channels),
                  "the result, the filter and x don't fit together");
    const Tensor y = call.Output(0, dims);
    memset(y.data(), 0, static_cast<size_t>(y.size()) * sizeof(float));
    const int64_t taps = windows.taps(), pixels = windows.out_pixels();
    // So that the channels of the result lie side by side.
    const float *const turned = call.Packed(0, {1}, static_cast<size_t>(filter.size()), [&](float *to) {
      for (int64_t tap = 0; tap < taps; ++tap)
        for (int64_t channel = 0; channel < channels; ++channel)
          for (int64_t f = 0; f < filters; ++f)
            *to++ = filter.data()[(tap * filters + f) * channels + channel];
    });
    // Windows overlap within an example only.
    ParallelParts(dims[0], pixels * taps * channels * filters, [&](int64_t first, int64_t end) {
      for (int64_t at = first * pixels; at < end * pixels; ++at) {
        float *const image = y.data() + at / pixels * windows.in_pixels() * filters;
        windows.ForTaps(at % pixels, [&](int64_t tap, int64_t pixel) {
          AddProducts(x.data() + at * channels, channels, turned + tap * channels * filters, filters,
                      image + pixel * filters);
        });
      }
    });
  }

 private:
  ConvolvingOptions options_;
};

}  // namespace

void RegisterConvolvingOps() {
  for (const char *name : {"Conv2D", "Conv3D"}) RegisterProgramOp<Convolve>(name);
  RegisterProgramOp<ConvolveDepthwise>("DepthwiseConv2dNative");
  for (const char *name : {"Conv2DBackpropInput", "Conv3DBackpropInputV2"}) RegisterProgramOp<ConvolveTransposed>(name);
}

}  // namespace dlctl
