// What puts tensors together and takes parts of them: numbers of any type are moved as bytes.
#include <string.h>

#include "inputs.h"
#include "parallel_parts.h"
#include "program_ops.h"

namespace dlctl {
namespace {

/** Copies a block of `sizes`, in bytes along the last axis, between tensors whose axes are `steps` bytes apart. Steps of `from` may be negative. */
void CopyBlock(const uint8_t *from, const int64_t *from_steps, uint8_t *to, const int64_t *to_steps, const int64_t *sizes,
               int rank) {
  if (rank == 1) {
    memcpy(to, from, sizes[0]);
    return;
  }
  for (int64_t at = 0; at < sizes[0]; ++at)
    CopyBlock(from + at * from_steps[0], from_steps + 1, to + at * to_steps[0], to_steps + 1, sizes + 1, rank - 1);
}

/** Steps of a tensor's axes in bytes, and last of all a byte: copies are of runs of bytes. */
struct ByteSteps {
  ByteSteps(const Dims &dims, size_t element) {
    int64_t step = static_cast<int64_t>(element);
    values[dims.rank()] = 1;
    for (int axis = dims.rank() - 1; axis >= 0; --axis) {
      values[axis] = step;
      step *= dims[axis];
    }
  }
  int64_t values[Dims::kMost + 1];
};

/** A block of `sizes` from `begin` on, every `stride`th along each axis, to `at` on in y. What lies outside is the caller's error. */
void CopyPart(const Tensor &x, const int64_t *begin, const int64_t *stride, const Dims &sizes, const Tensor &y,
              const int64_t *at) {
  if (sizes.size() == 0) return;
  const int rank = x.rank();
  const size_t element = SizeOfType(x.dtype());
  ByteSteps from(x.dims(), element), to(y.dims(), element);
  const uint8_t *source = x.data<uint8_t>();
  uint8_t *target = y.data<uint8_t>();
  int64_t counts[Dims::kMost + 1];
  for (int axis = 0; axis < rank; ++axis) {
    source += begin[axis] * from.values[axis];
    target += at[axis] * to.values[axis];
    from.values[axis] *= stride[axis];
    counts[axis] = sizes[axis];
  }
  counts[rank] = static_cast<int64_t>(element);
  // Axes at the end that lie together in both are one run.
  int axes = rank + 1;
  while (axes > 1 && from.values[axes - 2] == counts[axes - 1] && to.values[axes - 2] == counts[axes - 1]) {
    counts[axes - 2] *= counts[axes - 1];
    --axes;
  }
  CopyBlock(source, from.values, target, to.values, counts, axes);
}

constexpr int64_t kZeros[Dims::kMost] = {};
constexpr int64_t kOnes[Dims::kMost] = {1, 1, 1, 1, 1, 1, 1, 1};

/** The axis is the last input. */
class Concat {
 public:
  explicit Concat(const Attributes &) {}

  void Compute(Call &call) const {
    const int count = call.InputCount() - 1;
    Call::Require(count > 0, "there is nothing to put together");
    const Tensor first = call.Input(0);
    const int axis = AxisOf(IntegerOf(call.Input(count)), first.rank());
    Dims dims = first.dims();
    int64_t total = 0;
    for (int part = 0; part < count; ++part) {
      const Tensor x = call.Input(part);
      Call::Require(x.rank() == first.rank() && x.dtype() == first.dtype(), "tensors must be of one kind");
      for (int at = 0; at < x.rank(); ++at)
        Call::Require(at == axis || x.dim(at) == first.dim(at), "tensors must have one shape but for the axis");
      total += x.dim(axis);
    }
    dims.Set(axis, total);
    const Tensor y = call.Output(0, Dims(dims.data(), dims.rank()), first.dtype());
    int64_t at[Dims::kMost] = {};
    for (int part = 0; part < count; ++part) {
      const Tensor x = call.Input(part);
      CopyPart(x, kZeros, kOnes, x.dims(), y, at);
      at[axis] += x.dim(axis);
    }
  }
};

class Pack {
 public:
  explicit Pack(const Attributes &attributes) : axis_(attributes.Int("axis")) {}

  void Compute(Call &call) const {
    const int count = call.InputCount();
    Call::Require(count > 0, "there is nothing to put together");
    const Tensor first = call.Input(0);
    const int axis = AxisOf(axis_, first.rank() + 1);
    const Tensor y = call.Output(0, WithAxis(first.dims(), axis, count), first.dtype());
    const Dims one = WithAxis(first.dims(), axis, 1);
    int64_t at[Dims::kMost] = {};
    for (; at[axis] < count; ++at[axis]) {
      const Tensor x = call.Input(static_cast<int>(at[axis]));
      Call::Require(x.dims() == first.dims() && x.dtype() == first.dtype(), "tensors must be of one shape");
      CopyPart(Tensor(x.data<void>(), one, x.dtype()), kZeros, kOnes, one, y, at);
    }
  }

 private:
  int64_t axis_;
};

class Unpack {
 public:
  explicit Unpack(const Attributes &attributes) : axis_(attributes.Int("axis")), count_(attributes.Int("num")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const int axis = AxisOf(axis_, x.rank());
    Call::Require(count_ == x.dim(axis), "there must be an output for each part");
    Dims one = x.dims();
    one.Set(axis, 1);
    int64_t begin[Dims::kMost] = {};
    for (; begin[axis] < count_; ++begin[axis]) {
      const Tensor y = call.Output(static_cast<int>(begin[axis]), WithoutAxis(x.dims(), axis), x.dtype());
      CopyPart(x, begin, kOnes, one, Tensor(y.data<void>(), one, x.dtype()), kZeros);
    }
  }

 private:
  int64_t axis_, count_;
};

/** x, sizes of the parts (one may be -1) and the axis. */
class Split {
 public:
  explicit Split(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    std::vector<int64_t> sizes = IntegersOf(call.Input(1));
    const int axis = AxisOf(IntegerOf(call.Input(2)), x.rank());
    int64_t known = 0;
    for (const int64_t size : sizes) known += std::max<int64_t>(0, size);
    const auto open = std::find(sizes.begin(), sizes.end(), -1);
    if (open != sizes.end()) {
      *open = x.dim(axis) - known;
      known = x.dim(axis);
    }
    Call::Require(known == x.dim(axis), "the parts are not the whole");
    int64_t begin[Dims::kMost] = {};
    for (size_t part = 0; part < sizes.size(); ++part) {
      Dims dims = x.dims();
      dims.Set(axis, sizes[part]);
      const Tensor y = call.Output(static_cast<int>(part), Dims(dims.data(), dims.rank()), x.dtype());
      CopyPart(x, begin, kOnes, y.dims(), y, kZeros);
      begin[axis] += sizes[part];
    }
  }
};

class Slice {
 public:
  explicit Slice(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const std::vector<int64_t> begin = IntegersOf(call.Input(1));
    std::vector<int64_t> sizes = IntegersOf(call.Input(2));
    Call::Require(static_cast<int>(begin.size()) == x.rank() && sizes.size() == begin.size(),
                  "a slice needs a place and a size for each axis");
    for (int axis = 0; axis < x.rank(); ++axis) {
      if (sizes[axis] == -1) sizes[axis] = x.dim(axis) - begin[axis];
      Call::Require(begin[axis] >= 0 && sizes[axis] >= 0 && begin[axis] <= x.dim(axis) - sizes[axis],
                    "a slice lies outside");
    }
    const Dims dims(sizes);
    if (dims == x.dims()) {
      call.OutputView(0, 0, dims);
      return;
    }
    CopyPart(x, begin.data(), kOnes, dims, call.Output(0, dims, x.dtype()), kZeros);
  }
};

/** With begin, end and stride; of masks those for begin, end and axes that are left out. */
class StridedSlice {
 public:
  explicit StridedSlice(const Attributes &attributes)
      : begin_mask_(attributes.Int("begin_mask")),
        end_mask_(attributes.Int("end_mask")),
        shrink_mask_(attributes.Int("shrink_axis_mask")) {
    Call::Require(attributes.Int("ellipsis_mask") == 0 && attributes.Int("new_axis_mask") == 0,
                  "slices have neither an ellipsis nor new axes");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    std::vector<int64_t> begin = IntegersOf(call.Input(1));
    const std::vector<int64_t> end = IntegersOf(call.Input(2));
    std::vector<int64_t> stride = IntegersOf(call.Input(3));
    const int rank = x.rank(), given = static_cast<int>(begin.size());
    Call::Require(given <= rank && end.size() == begin.size() && stride.size() == begin.size(),
                  "a slice names more axes than there are");
    begin.resize(rank, 0);
    stride.resize(rank, 1);
    int64_t sizes[Dims::kMost], left[Dims::kMost];
    int axes = 0;
    for (int axis = 0; axis < rank; ++axis) {
      const int64_t length = x.dim(axis), step = stride[axis];
      const bool is_shrunk = axis < given && (shrink_mask_ >> axis & 1);
      Call::Require(step > 0 || (step < 0 && step > INT32_MIN), "a slice needs a stride");
      const auto place = [&](int64_t at) {
        const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? length : length - 1;
        return std::min(std::max(at < 0 ? at + length : at, low), high);
      };
      if (is_shrunk) {
        if (begin[axis] < 0) begin[axis] += length;
        Call::Require(begin[axis] >= 0 && begin[axis] < length, "a slice lies outside");
        sizes[axis] = 1;
        continue;
      }
      const bool is_open = axis >= given || (end_mask_ >> axis & 1);
      begin[axis] = axis >= given || (begin_mask_ >> axis & 1) ? (step > 0 ? 0 : length - 1) : place(begin[axis]);
      const int64_t stop = is_open ? (step > 0 ? length : -1) : place(end[axis]);
      const int64_t way = step > 0 ? stop - begin[axis] : begin[axis] - stop, size = step > 0 ? step : -step;
      sizes[axis] = way <= 0 ? 0 : (way + size - 1) / size;
      left[axes++] = sizes[axis];
    }
    const Dims whole(sizes, rank);
    const Tensor y = call.Output(0, Dims(left, axes), x.dtype());
    CopyPart(x, begin.data(), stride.data(), whole, Tensor(y.data<void>(), whole, x.dtype()), kZeros);
  }

 private:
  int64_t begin_mask_, end_mask_, shrink_mask_;
};

/** By a number, the third input, or by 0. */
class Pad {
 public:
  explicit Pad(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const std::vector<int64_t> paddings = IntegersOf(call.Input(1, 2));
    Call::Require(static_cast<int>(paddings.size()) == 2 * x.rank(), "each axis needs two paddings");
    Call::Require(SizeOfType(x.dtype()) == 4, "floats or integers are needed");
    int32_t value = 0;
    if (call.InputCount() > 2) {
      const Tensor given = call.Input(2);
      Call::Require(given.size() == 1 && given.dtype() == x.dtype(), "padding is by one number");
      value = given.data<int32_t>()[0];
    }
    int64_t sizes[Dims::kMost], at[Dims::kMost];
    for (int axis = 0; axis < x.rank(); ++axis) {
      Call::Require(paddings[2 * axis] >= 0 && paddings[2 * axis + 1] >= 0, "padding can't be negative");
      at[axis] = paddings[2 * axis];
      sizes[axis] = at[axis] + x.dim(axis) + paddings[2 * axis + 1];
    }
    const Tensor y = call.Output(0, Dims(sizes, x.rank()), x.dtype());
    std::fill_n(y.data<int32_t>(), y.size(), value);
    CopyPart(x, kZeros, kOnes, x.dims(), y, at);
  }
};

class Tile {
 public:
  explicit Tile(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const std::vector<int64_t> times = IntegersOf(call.Input(1));
    Call::Require(static_cast<int>(times.size()) == x.rank(), "each axis is repeated some times");
    int64_t sizes[Dims::kMost], copies = 1;
    for (int axis = 0; axis < x.rank(); ++axis) {
      Call::Require(times[axis] >= 0 && !__builtin_mul_overflow(x.dim(axis), times[axis], &sizes[axis]),
                    "a tensor is repeated too often");
    }
    const Tensor y = call.Output(0, Dims(sizes, x.rank()), x.dtype());
    if (y.size() == 0) return;
    for (const int64_t count : times) copies *= count;
    for (int64_t copy = 0; copy < copies; ++copy) {
      int64_t at[Dims::kMost], rest = copy;
      for (int axis = x.rank() - 1; axis >= 0; --axis) {
        at[axis] = rest % times[axis] * x.dim(axis);
        rest /= times[axis];
      }
      CopyPart(x, kZeros, kOnes, x.dims(), y, at);
    }
  }
};

class Reverse {
 public:
  explicit Reverse(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    int64_t begin[Dims::kMost] = {}, stride[Dims::kMost];
    std::copy_n(kOnes, Dims::kMost, stride);
    for (const int64_t given : IntegersOf(call.Input(1))) {
      const int axis = AxisOf(given, x.rank());
      stride[axis] = -1;
      begin[axis] = x.dim(axis) - 1;
    }
    CopyPart(x, begin, stride, x.dims(), call.Output(0, x.dims(), x.dtype()), kZeros);
  }
};

/** Rows of x along an axis, by their numbers. */
class Gather {
 public:
  explicit Gather(const Attributes &attributes) {
    Call::Require(attributes.Int("batch_dims") == 0, "rows are gathered for the whole batch");
  }

  void Compute(Call &call) const {
    const Tensor x = call.Input(0), indices = call.Input(1);
    const int axis = AxisOf(IntegerOf(call.Input(2)), x.rank());
    Call::Require(indices.dtype() == TF_INT32, "rows are named by integers");
    int64_t sizes[2 * Dims::kMost];
    int rank = 0;
    for (int at = 0; at < axis; ++at) sizes[rank++] = x.dim(at);
    for (int at = 0; at < indices.rank(); ++at) sizes[rank++] = indices.dim(at);
    for (int at = axis + 1; at < x.rank(); ++at) sizes[rank++] = x.dim(at);
    const Tensor y = call.Output(0, Dims(sizes, rank), x.dtype());
    const int64_t outer = SizeOfAxes(x.dims(), 0, axis), rows = x.dim(axis), count = indices.size();
    const int64_t row_bytes = SizeOfAxes(x.dims(), axis + 1, x.rank()) * static_cast<int64_t>(SizeOfType(x.dtype()));
    const int32_t *const wanted = indices.data<int32_t>();
    for (int64_t at = 0; at < count; ++at)
      Call::Require(wanted[at] >= 0 && wanted[at] < rows, "there is no such row");
    ParallelParts(outer * count, row_bytes / 4, [&](int64_t first, int64_t end) {
      for (int64_t at = first; at < end; ++at)
        memcpy(y.data<uint8_t>() + at * row_bytes,
               x.data<uint8_t>() + (at / count * rows + wanted[at % count]) * row_bytes, row_bytes);
    });
  }
};

/** A tensor of a shape, all of one number. */
class Fill {
 public:
  explicit Fill(const Attributes &) {}

  void Compute(Call &call) const {
    const std::vector<int64_t> sizes = IntegersOf(call.Input(0, 1));
    const Tensor value = call.Input(1, 0);
    Call::Require(SizeOfType(value.dtype()) == 4, "floats or integers are needed");
    const Tensor y = call.Output(0, Dims(sizes), value.dtype());
    std::fill_n(y.data<int32_t>(), y.size(), value.data<int32_t>()[0]);
  }
};

/** x, the sizes of blocks of the axes behind the first, and paddings or cuts of these. */
struct BlocksOfSpace {
  explicit BlocksOfSpace(Call &call) : sizes(IntegersOf(call.Input(1, 1))), edges(IntegersOf(call.Input(2, 2))) {
    const Tensor x = call.Input(0);
    axes = static_cast<int>(sizes.size());
    Call::Require(axes < x.rank() && edges.size() == 2 * sizes.size(), "blocks need a size and edges for each axis");
    for (int axis = 0; axis < axes; ++axis) {
      const int64_t size = sizes[axis];
      Call::Require(size > 0 && edges[2 * axis] >= 0 && edges[2 * axis + 1] >= 0, "blocks must have a size");
      Call::Require(!__builtin_mul_overflow(count, size, &count) && count <= 4096, "there are too many blocks");
    }
  }

  std::vector<int64_t> sizes, edges;
  int axes;
  int64_t count = 1;
};

/** Each output example has the pixels of one place in all blocks. */
class SpaceToBatch {
 public:
  explicit SpaceToBatch(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const BlocksOfSpace blocks(call);
    int64_t sizes[Dims::kMost];
    std::copy_n(x.dims().data(), x.rank(), sizes);
    sizes[0] *= blocks.count;
    for (int axis = 0; axis < blocks.axes; ++axis) {
      const int64_t padded = x.dim(axis + 1) + blocks.edges[2 * axis] + blocks.edges[2 * axis + 1];
      Call::Require(padded % blocks.sizes[axis] == 0, "blocks must fill the space");
      sizes[axis + 1] = padded / blocks.sizes[axis];
    }
    const Tensor y = call.Output(0, Dims(sizes, x.rank()), x.dtype());
    memset(y.data<void>(), 0, static_cast<size_t>(y.size()) * SizeOfType(y.dtype()));
    for (int64_t block = 0; block < blocks.count; ++block) {
      int64_t begin[Dims::kMost] = {}, stride[Dims::kMost], at[Dims::kMost] = {}, rest = block;
      std::copy_n(kOnes, Dims::kMost, stride);
      Dims part = x.dims();
      at[0] = block * x.dim(0);
      for (int axis = blocks.axes - 1; axis >= 0; --axis) {
        const int64_t size = blocks.sizes[axis], before = blocks.edges[2 * axis], place = rest % size;
        rest /= size;
        stride[axis + 1] = size;
        // The first of its pixels that is not padding.
        at[axis + 1] = before > place ? (before - place + size - 1) / size : 0;
        begin[axis + 1] = at[axis + 1] * size + place - before;
        part.Set(axis + 1, std::max<int64_t>(0, (x.dim(axis + 1) - begin[axis + 1] + size - 1) / size));
      }
      CopyPart(x, begin, stride, part, y, at);
    }
  }
};

/** Undoes it, and cuts edges off. */
class BatchToSpace {
 public:
  explicit BatchToSpace(const Attributes &) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0);
    const BlocksOfSpace blocks(call);
    Call::Require(x.dim(0) % blocks.count == 0, "there must be an example for each place in a block");
    const int64_t examples = x.dim(0) / blocks.count;
    // Axes of x: place in each block, example, pixels of blocks; those of the whole: example, pixel by pixel.
    int64_t sizes[Dims::kMost];
    std::copy_n(x.dims().data(), x.rank(), sizes);
    sizes[0] = examples;
    for (int axis = 0; axis < blocks.axes; ++axis) {
      sizes[axis + 1] = x.dim(axis + 1) * blocks.sizes[axis] - blocks.edges[2 * axis] - blocks.edges[2 * axis + 1];
      Call::Require(sizes[axis + 1] >= 0, "more is cut off than there is");
    }
    const Tensor y = call.Output(0, Dims(sizes, x.rank()), x.dtype());
    const int64_t inner =
        SizeOfAxes(x.dims(), blocks.axes + 1, x.rank()) * static_cast<int64_t>(SizeOfType(x.dtype()));
    const int64_t pixels = SizeOfAxes(y.dims(), 1, blocks.axes + 1);
    for (int64_t pixel = 0; pixel < examples * pixels; ++pixel) {
      int64_t rest = pixel % pixels, place = 0, from = 0, place_step = 1, step = 1;
      for (int axis = blocks.axes - 1; axis >= 0; --axis) {
        const int64_t at = rest % sizes[axis + 1] + blocks.edges[2 * axis];
        rest /= sizes[axis + 1];
        place += at % blocks.sizes[axis] * place_step;
        from += at / blocks.sizes[axis] * step;
        place_step *= blocks.sizes[axis];
        step *= x.dim(axis + 1);
      }
      const int64_t row = (place * examples + pixel / pixels) * step + from;
      memcpy(y.data<uint8_t>() + pixel * inner, x.data<uint8_t>() + row * inner, inner);
    }
  }
};

}  // namespace

void RegisterMovingOps() {
  RegisterProgramOp<Concat>("ConcatV2");
  RegisterProgramOp<Pack>("Pack");
  RegisterProgramOp<Unpack>("Unpack");
  RegisterProgramOp<Split>("SplitV");
  RegisterProgramOp<Slice>("Slice");
  RegisterProgramOp<StridedSlice>("StridedSlice");
  RegisterProgramOp<Pad>("PadV2");
  RegisterProgramOp<Tile>("Tile");
  RegisterProgramOp<Reverse>("ReverseV2");
  RegisterProgramOp<Gather>("GatherV2");
  RegisterProgramOp<Fill>("Fill");
  RegisterProgramOp<SpaceToBatch>("SpaceToBatchND");
  RegisterProgramOp<BatchToSpace>("BatchToSpaceND");
}

}  // namespace dlctl
