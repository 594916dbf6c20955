// The greatest number or the mean of windows.
#include "../ops/row.h"
#include "parallel_parts.h"
#include "program_ops.h"
#include "windows.h"

namespace dlctl {
namespace {

/** Of each channel; what is padding does not count. */
template <bool kIsMean>
class Pool {
 public:
  explicit Pool(const Attributes &attributes)
      : sizes_(attributes.Ints("ksize")), strides_(attributes.Ints("strides")), padding_(attributes.Text("padding")) {
    const std::string format = attributes.Text("data_format");
    Call::Require(format == "NHWC" || format == "NDHWC", "channels must be the last axis");
    for (const std::vector<int64_t> &list : {sizes_, strides_})
      Call::Require(list.size() >= 4 && list.front() == 1 && list.back() == 1,
                    "neither examples nor channels are pooled");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    RequireFloats(x);
    Call::Require(x.rank() == static_cast<int>(sizes_.size()), "windows have other axes than the image");
    const std::vector<int64_t> taps(sizes_.begin() + 1, sizes_.end() - 1);
    const Windows windows(x.dims(), taps, strides_, std::vector<int64_t>(sizes_.size(), 1), padding_);
    const int64_t channels = x.dim(x.rank() - 1), pixels = windows.out_pixels();
    const Tensor y = call.Output(0, windows.OutDims(x.dims(), channels));
    if (y.size() == 0) return;
    ParallelParts(x.dim(0) * pixels, channels * windows.taps(), [&](int64_t first, int64_t end) {
      for (int64_t at = first; at < end; ++at) {
        const float *const image = x.data() + at / pixels * windows.in_pixels() * channels;
        ForVectors(channels, [&](int64_t channel, int count) {
          Vec result = kIsMean ? Vec{} : Broadcast(-__builtin_inff());
          int seen = 0;
          windows.ForTaps(at % pixels, [&](int64_t, int64_t pixel) {
            const Vec value = LoadSome(image + pixel * channels + channel, count);
            result = kIsMean ? result + value : Max(result, value);
            ++seen;
          });
          StoreSome(y.data() + at * channels + channel, kIsMean ? result / static_cast<float>(seen) : result, count);
        });
      }
    });
  }

 private:
  std::vector<int64_t> sizes_, strides_;
  std::string padding_;
};

}  // namespace

void RegisterPoolingOps() {
  for (const char *name : {"MaxPool", "MaxPool3D"}) RegisterProgramOp<Pool<false>>(name);
  for (const char *name : {"AvgPool", "AvgPool3D"}) RegisterProgramOp<Pool<true>>(name);
}

}  // namespace dlctl
