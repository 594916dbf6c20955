// Reads the parts of a program's file, and never beyond its end: whatever is wrong with it is std::invalid_argument.
#pragma once

#include <string.h>

#include "../ops/op.h"

namespace dlctl {

class ProgramReader {
 public:
  ProgramReader(const uint8_t *bytes, size_t size) : at_(bytes), end_(bytes + size) {}

  uint32_t Unsigned() { return Take<uint32_t>(); }
  uint64_t Long() { return Take<uint64_t>(); }
  float Float() { return Take<float>(); }

  /** How many of something follow, each of at least `least` bytes. */
  uint32_t Count(size_t least) {
    const uint32_t count = Unsigned();
    Call::Require(count <= static_cast<size_t>(end_ - at_) / least, "a list is longer than the file");
    return count;
  }

  /** Filled up to four bytes. */
  std::string Text() {
    const size_t size = Count(1), padded = (size + 3) / 4 * 4;
    Call::Require(padded <= static_cast<size_t>(end_ - at_), "a text is longer than the file");
    const std::string text(reinterpret_cast<const char *>(at_), size);
    at_ += padded;
    return text;
  }

  Dims Sizes() {
    int64_t sizes[Dims::kMost];
    const uint32_t rank = Count(4);
    Call::Require(rank <= Dims::kMost, "a tensor has more than 8 axes");
    for (uint32_t axis = 0; axis < rank; ++axis) sizes[axis] = Unsigned();
    return Dims(sizes, static_cast<int>(rank));
  }

  TF_DataType Type() {
    const auto dtype = static_cast<TF_DataType>(Unsigned());
    Call::Require(SizeOfType(dtype) > 0, "a tensor has an unknown type");
    return dtype;
  }

 private:
  template <class Value>
  Value Take() {
    Call::Require(sizeof(Value) <= static_cast<size_t>(end_ - at_), "it ends too early");
    Value value;
    memcpy(&value, at_, sizeof(Value));
    at_ += sizeof(Value);
    return value;
  }

  const uint8_t *at_, *const end_;
};

}  // namespace dlctl
