// What resizing one picture is: where its pixels come from, and where they stand in the result. As sharp has libvips do it.
#pragma once

#include <stdint.h>

#include <memory>

#include "axis.h"

namespace dlctl {

enum class Fit { kCover, kContain, kFill };

struct ResizeRequest {
  int width, height, channels;
  /** What it becomes. */
  int madeWidth, madeHeight;
  Fit fit;
  Kernel kernel;
  /** Whether sharp would resize while it decodes, or afterwards, pixels in memory: places differ in their last bits. */
  bool isDecoded;
  uint8_t background[3];
};

class ResizePlan {
 public:
  /** False where sharp is to be asked. */
  static bool Make(const ResizeRequest &request, ResizePlan *plan);

  /** Resizes `[height, width, channels]`, with kSlack readable bytes beyond them, to `[madeHeight, madeWidth, channels]`. */
  void Run(const uint8_t *pixels, uint8_t *out) const;

 private:
  ResizeRequest request_;
  bool isLarger_, hasMargin_;
  /** Where the first result stands. */
  int left_, top_;
  std::shared_ptr<const Axis> columns_, rows_;
};

}  // namespace dlctl
