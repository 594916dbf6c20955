// How one axis of a picture is made smaller: which pixels become which, with what weights. The definition is libvips',
// to the last bit, so that a picture is the same whether sharp resizes it or this.
#pragma once

#include <stdint.h>

#include <memory>
#include <vector>

namespace dlctl {

/** In the order of dlctl's config; `nearest` is not among them. */
enum class Kernel { kLinear, kCubic, kMitchell, kLanczos2, kLanczos3 };

/** Weights are whole numbers, this many of them 1. */
constexpr int kWeightShift = 12;

/** Each result takes so many weights at a time: the room for those beyond `points` holds zeros. */
constexpr int kWeightGroup = 4;

/** The results `from` to `from + count` of an axis that is resized. */
struct Axis {
  /** Weights of one result. */
  int points;
  /** The same with room, a multiple of kWeightGroup. */
  int stride;
  /** The first pixel of each result; pixels outside of the picture are those at its edge. */
  std::vector<int> first;
  /** `stride` weights for each result. */
  std::vector<int16_t> weights;

  int count() const { return static_cast<int>(first.size()); }
  const int16_t *weightsOf(int result) const { return weights.data() + static_cast<size_t>(result) * stride; }
};

/** As libvips counts: `length` pixels reduced by the factor `shrink`. */
int ReducedLength(int length, double shrink);

/**
 * libvips computes results in runs. Places within one are sums, begun anew with each: their rounding is part of the result.
 * The first run begins with result `begin`, no later than the first that is wanted, or with 0 if that is negative.
 */
struct Runs {
  int begin, length;
};

/**
 * The results `from` to `from + count` of `length` pixels reduced by `shrink`, 1 or more. Null for what libvips does in
 * more steps than one: fourfold and more. What was asked for last is remembered, thread by thread.
 */
std::shared_ptr<const Axis> ReducedAxis(int length, double shrink, Kernel kernel, int from, int count, Runs runs);

/** As libvips counts: `length` pixels enlarged by the factor `scale`. */
int EnlargedLength(int length, double scale);

/**
 * The results `from` to `from + count` of pixels enlarged by `scale`, by a cubic through four of them. `otherScale` is the
 * other axis's: libvips divides by the product. Places are sums where `isSummed`.
 */
std::shared_ptr<const Axis> EnlargedAxis(double scale, double otherScale, int from, int count, bool isSummed);

}  // namespace dlctl
