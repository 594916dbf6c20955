#include "axis.h"

#include <math.h>

#include <algorithm>
#include <deque>

namespace dlctl {
namespace {

/** Places between two pixels for which there are weights. */
constexpr int kPhases = 64;

/** Before libvips weighs pixels, it averages whole groups of them, so that this much is left to do. */
constexpr double kLargestGap = 2;

/** A cubic with the parameters of Mitchell and Netravali ("Reconstruction filters in computer graphics", 1988). */
double Cubic(double x, double b, double c) {
  const double ax = fabs(x);
  const double ax2 = ax * ax;
  const double ax3 = ax2 * ax;
  if (ax <= 1) return ((12 - 9 * b - 6 * c) * ax3 + (-18 + 12 * b + 6 * c) * ax2 + (6 - 2 * b)) / 6;
  if (ax <= 2) return ((-b - 6 * c) * ax3 + (6 * b + 30 * c) * ax2 + (-12 * b - 48 * c) * ax + (8 * b + 24 * c)) / 6;
  return 0;
}

double Sinc(double x) {
  if (x == 0) return 1;
  x *= M_PI;
  return sin(x) / x;
}

double Lanczos(double x, int lobes) { return x >= -lobes && x <= lobes ? Sinc(x) * Sinc(x / lobes) : 0; }

double Weigh(Kernel kernel, double x) {
  switch (kernel) {
    case Kernel::kLinear:
      return fabs(x) < 1 ? 1 - fabs(x) : 0;
    case Kernel::kCubic:
      return Cubic(x, 0, 0.5);
    case Kernel::kMitchell:
      return Cubic(x, 1.0 / 3, 1.0 / 3);
    case Kernel::kLanczos2:
      return Lanczos(x, 2);
    default:
      return Lanczos(x, 3);
  }
}

int PointsOf(Kernel kernel, double shrink) {
  const double reach = kernel == Kernel::kLinear ? shrink : kernel == Kernel::kLanczos3 ? 3 * shrink : 2 * shrink;
  return 2 * static_cast<int>(rint(reach)) + 1;
}

/** The weights at `phase`, cut off to whole numbers. */
void Fill(int16_t *weights, Kernel kernel, int points, double shrink, int phase) {
  const double middle = phase / static_cast<double>(kPhases) + points / 2.0 - 1;
  std::vector<double> exact(points);
  double sum = 0;
  for (int i = 0; i < points; ++i) sum += exact[i] = Weigh(kernel, (i - middle) / shrink);
  for (int i = 0; i < points; ++i) weights[i] = static_cast<int16_t>(exact[i] / sum * (1 << kWeightShift));
}

struct Request {
  int length;
  double shrink;
  Kernel kernel;
  int from, count;
  Runs runs;

  bool operator==(const Request &other) const {
    return length == other.length && shrink == other.shrink && kernel == other.kernel && from == other.from &&
           count == other.count && runs.begin == other.runs.begin && runs.length == other.runs.length;
  }
};

std::shared_ptr<const Axis> Make(const Request &request) {
  const auto &[length, shrink, kernel, from, count, runs] = request;
  auto axis = std::make_shared<Axis>();
  if (shrink == 1) {
    axis->points = 1;
    axis->stride = kWeightGroup;
    axis->weights.assign(static_cast<size_t>(count) * axis->stride, 0);
    for (int i = 0; i < count; ++i) {
      axis->first.push_back(from + i);
      axis->weights[static_cast<size_t>(i) * axis->stride] = 1 << kWeightShift;
    }
    return axis;
  }
  const int reduced = ReducedLength(length, shrink);
  if (floor(static_cast<double>(length) / reduced / kLargestGap) > 1) return nullptr;
  const int points = PointsOf(kernel, shrink);
  // libvips sets so many copies of the first pixel before the picture.
  const int before = (points + 1) / 2 - 1;
  // What rounding the length added to the picture is shared out to both ends.
  const double offset = (1 + (reduced * shrink - length)) / 2.0 - 1;
  axis->points = points;
  axis->stride = (points + kWeightGroup - 1) / kWeightGroup * kWeightGroup;
  axis->weights.assign(static_cast<size_t>(count) * axis->stride, 0);
  std::vector<int16_t> phases(static_cast<size_t>(kPhases + 1) * points);
  bool isFilled[kPhases + 1] = {};
  double place = 0;
  for (int i = std::max(runs.begin, 0); i < from + count; ++i) {
    const bool isStart = (i - runs.begin) % runs.length == 0 || i == 0;
    place = isStart ? (i + 0.5) * shrink - 0.5 - offset : place + shrink;
    if (i < from) continue;
    const int steps = static_cast<int>(place * kPhases * 2) & (kPhases * 2 - 1);
    const int phase = (steps + 1) >> 1;
    int16_t *weights = phases.data() + static_cast<size_t>(phase) * points;
    if (!isFilled[phase]) Fill(weights, kernel, points, shrink, phase);
    isFilled[phase] = true;
    axis->first.push_back(static_cast<int>(place) - before);
    std::copy(weights, weights + points, axis->weights.begin() + static_cast<size_t>(i - from) * axis->stride);
  }
  return axis;
}

}  // namespace

int ReducedLength(int length, double shrink) { return static_cast<int>(length / shrink + 0.5); }

std::shared_ptr<const Axis> ReducedAxis(int length, double shrink, Kernel kernel, int from, int count, Runs runs) {
  // Most pictures of a set have one of a few sizes.
  constexpr size_t kRemembered = 16;
  static thread_local std::deque<std::pair<Request, std::shared_ptr<const Axis>>> remembered;
  const Request request{length, shrink, kernel, from, count, runs};
  for (const auto &[known, axis] : remembered) {
    if (known == request) return axis;
  }
  remembered.emplace_front(request, Make(request));
  if (remembered.size() > kRemembered) remembered.pop_back();
  return remembered.front().second;
}

int EnlargedLength(int length, double scale) { return static_cast<int>(rint(length * scale)); }

std::shared_ptr<const Axis> EnlargedAxis(double scale, double otherScale, int from, int count, bool isSummed) {
  // libvips sets two pixels before the picture, and begins half a pixel further.
  constexpr int kBefore = 2;
  const double step = 1 / (scale * otherScale) * otherScale;
  auto axis = std::make_shared<Axis>();
  axis->points = axis->stride = 4;
  axis->weights.resize(static_cast<size_t>(count) * 4);
  double place = 0;
  for (int i = 0; i < count; ++i) {
    place = isSummed && i > 0 ? place + step : step * (from + i) - 0.5 + kBefore;
    const int steps = static_cast<int>(place * kPhases * 2) & (kPhases * 2 - 1);
    const double x = ((steps + 1) >> 1) / static_cast<double>(kPhases);
    // Catmull and Rom's curve, whose four weights have terms in common.
    const double rest = 1 - x;
    const double common = rest * (-0.5 * x);
    const double first = rest * common;
    const double last = x * common;
    const double difference = last - first;
    const double exact[4] = {first, rest - first + difference, x - last - difference, last};
    for (int k = 0; k < 4; ++k) {
      axis->weights[static_cast<size_t>(i) * 4 + k] = static_cast<int16_t>(exact[k] * (1 << kWeightShift));
    }
    axis->first.push_back(static_cast<int>(place) - kBefore - 1);
  }
  return axis;
}

}  // namespace dlctl
