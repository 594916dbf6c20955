// Images side by side, as a tile wants 16 or 32 neighbours, and the rows of small images are shorter.
#pragma once

#include <stdint.h>

#include <algorithm>
#include <vector>

namespace dlctl {

/** So many images that follow each other. Their number is a power of 2. */
struct ImageGroup {
  int64_t first, count;
};

/** How many images of `width` columns make the best use of tiles of `side` neighbours, at most `most`. A power of 2. */
inline int64_t ImagesSideBySide(int64_t width, int64_t side, int64_t most) {
  const auto waste = [&](int64_t images) {
    const int64_t used = images * width;
    return static_cast<double>((used + side - 1) / side * side) / static_cast<double>(used);
  };
  int64_t best = 1;
  for (int64_t images = 2; images <= most; images *= 2)
    if (waste(images) < 0.95 * waste(best)) best = images;
  return best;
}

/** All images in groups of `size`, and what is left in smaller ones. Depends on sizes alone. */
inline std::vector<ImageGroup> GroupsOf(int64_t images, int64_t size) {
  std::vector<ImageGroup> groups;
  for (int64_t first = 0; first < images; first += size) {
    while (size > images - first) size /= 2;
    groups.push_back({first, size});
  }
  return groups;
}

}  // namespace dlctl
