// Which rows of a gradient belong to which row of a table.
#pragma once

#include <string>
#include <vector>

#include "op.h"

namespace dlctl {

/** The places of each id, in their order. Negative ids are nobody's; ids from `count` on are refused. */
class RowsById {
 public:
  RowsById(const int32_t *ids, int64_t places, int64_t count) : starts_(static_cast<size_t>(count) + 2) {
    for (int64_t place = 0; place < places; ++place) {
      const int32_t id = ids[place];
      Call::Require(id < count, "id " + std::to_string(id) + " is not below " + std::to_string(count));
      // Two further on: while the places are filled in, an entry moves from its row's start to its end.
      if (id >= 0) ++starts_[static_cast<size_t>(id) + 2];
    }
    for (size_t id = 2; id < starts_.size(); ++id) starts_[id] += starts_[id - 1];
    places_.resize(static_cast<size_t>(starts_.back()));
    for (int64_t place = 0; place < places; ++place) {
      if (ids[place] >= 0) places_[static_cast<size_t>(starts_[static_cast<size_t>(ids[place]) + 1]++)] = place;
    }
  }

  const int64_t *begin(int64_t id) const { return places_.data() + starts_[static_cast<size_t>(id)]; }
  const int64_t *end(int64_t id) const { return places_.data() + starts_[static_cast<size_t>(id) + 1]; }

 private:
  std::vector<int64_t> starts_;
  std::vector<int64_t> places_;
};

}  // namespace dlctl
