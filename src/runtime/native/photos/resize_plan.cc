#include "resize_plan.h"

#include <string.h>

#include <algorithm>
#include <limits>

#include "enlarge.h"
#include "reduce.h"

namespace dlctl {
namespace {

/** So many lines are handed on at once by what libvips sets behind the reduction of an image that is being decoded. */
constexpr int kDecodedLines = 10;

/** So many lines of the result, margins included, it makes at once of an image in memory. */
constexpr int kMemoryLines = 16;

/** Where `made` pixels stand among `wanted`, which are fewer or more: in the middle. */
struct Placing {
  Placing(int made, int wanted)
      : skipped(made > wanted ? (made - wanted + 1) / 2 : 0),
        count(std::min(made, wanted)),
        offset(made < wanted ? (wanted - made) / 2 : 0) {}

  const int skipped, count, offset;
};

}  // namespace

bool ResizePlan::Make(const ResizeRequest &request, ResizePlan *plan) {
  const auto &[width, height, channels, madeWidth, madeHeight, fit, kernel, isDecoded, background] = request;
  double across = static_cast<double>(width) / madeWidth;
  double down = static_cast<double>(height) / madeHeight;
  if (fit == Fit::kCover) across = down = std::min(across, down);
  if (fit == Fit::kContain) across = down = std::max(across, down);
  // sharp hands on scales, and libvips makes factors of them again: with their rounding.
  const double xScale = 1 / std::min(across, static_cast<double>(width));
  const double yScale = 1 / std::min(down, static_cast<double>(height));
  const bool isLarger = xScale > 1 || yScale > 1;
  if (isLarger && (xScale < 1 || yScale < 1 || kernel == Kernel::kLinear)) return false;
  const Placing x(isLarger ? EnlargedLength(width, xScale) : ReducedLength(width, 1 / xScale), madeWidth);
  const Placing y(isLarger ? EnlargedLength(height, yScale) : ReducedLength(height, 1 / yScale), madeHeight);
  plan->request_ = request;
  plan->isLarger_ = isLarger;
  plan->hasMargin_ = x.count < madeWidth || y.count < madeHeight;
  if (plan->hasMargin_ && (fit != Fit::kContain || channels != 3)) return false;
  plan->left_ = x.offset;
  plan->top_ = y.offset;
  if (isLarger) {
    plan->columns_ = EnlargedAxis(xScale, yScale, x.skipped, x.count, true);
    plan->rows_ = EnlargedAxis(yScale, xScale, y.skipped, y.count, false);
  } else {
    const Runs all{x.skipped, std::numeric_limits<int>::max()};
    const Runs lines = isDecoded ? Runs{0, kDecodedLines} : Runs{y.skipped - y.offset, kMemoryLines};
    plan->columns_ = ReducedAxis(width, 1 / xScale, kernel, x.skipped, x.count, all);
    plan->rows_ = ReducedAxis(height, 1 / yScale, kernel, y.skipped, y.count, lines);
  }
  return plan->columns_ && plan->rows_;
}

void ResizePlan::Run(const uint8_t *pixels, uint8_t *out) const {
  const auto &[width, height, channels, madeWidth, madeHeight, fit, kernel, isDecoded, background] = request_;
  if (hasMargin_) {
    for (size_t i = 0; i < static_cast<size_t>(madeWidth) * madeHeight; ++i) memcpy(out + 3 * i, background, 3);
  }
  const size_t stride = static_cast<size_t>(madeWidth) * channels;
  uint8_t *first = out + top_ * stride + static_cast<size_t>(left_) * channels;
  (isLarger_ ? Enlarge : Reduce)(pixels, width, height, channels, *columns_, *rows_, first, stride);
}

}  // namespace dlctl
