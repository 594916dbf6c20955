// Products of matrices, one for each of a batch, of which one side may be the same for all. (Those of dense layers are
// DlctlDense's, ../ops/dense.cc: see src/engine/program.)
#include "../ops/row.h"
#include "../ops/small_product.h"
#include "broadcast.h"
#include "parallel_parts.h"
#include "program_ops.h"

namespace dlctl {
namespace {

class MatrixProduct {
 public:
  MatrixProduct(const Attributes &attributes, const char *left, const char *right)
      : turns_left_(attributes.Bool(left)), turns_right_(attributes.Bool(right)) {}

  void Compute(Call &call) const {
    const Tensor a = call.Input(0), b = call.Input(1);
    RequireFloats(a);
    RequireFloats(b);
    Call::Require(a.rank() >= 2 && b.rank() >= 2, "matrices are needed");
    const int64_t rows = Side(a, !turns_left_), depth = Side(a, turns_left_), columns = Side(b, turns_right_);
    Call::Require(Side(b, !turns_right_) == depth, "the matrices don't fit together");
    const Broadcast2 batches(Dims(a.dims().data(), a.rank() - 2), Dims(b.dims().data(), b.rank() - 2));
    int64_t sizes[Dims::kMost];
    const int outer = batches.dims.rank();
    Call::Require(outer + 2 <= Dims::kMost, "there are too many axes");
    std::copy_n(batches.dims.data(), outer, sizes);
    sizes[outer] = rows;
    sizes[outer + 1] = columns;
    const Tensor y = call.Output(0, Dims(sizes, outer + 2));
    if (y.size() == 0) return;
    const int64_t padded = PaddedToLanes(static_cast<int>(columns));
    const int64_t width = batches.width();
    ParallelParts(batches.rows() * width, rows * depth * columns / 4, [&](int64_t first, int64_t end) {
      const Scratch packed(static_cast<size_t>(depth * padded)), sums(static_cast<size_t>(rows * padded));
      const float *packed_of = nullptr;
      for (int64_t at = first; at < end; ++at) {
        batches.ForRows(at / width, at / width + 1, [&](int64_t, int64_t a_at, int64_t b_at) {
          a_at += at % width * batches.a_steps[batches.rank - 1];
          b_at += at % width * batches.b_steps[batches.rank - 1];
          const float *const left = a.data() + a_at * rows * depth, *const right = b.data() + b_at * depth * columns;
          if (packed_of != right) {
            PackRight(right, depth, columns, padded, packed.data());
            packed_of = right;
          }
          const MatrixView view{left, turns_left_ ? 1 : depth, turns_left_ ? rows : 1};
          MultiplySmall(rows, padded, depth, view, packed.data(), padded, sums.data(), padded);
          float *const to = y.data() + at * rows * columns;
          for (int64_t row = 0; row < rows; ++row)
            memcpy(to + row * columns, sums.data() + row * padded, columns * sizeof(float));
        });
      }
    });
  }

 private:
  static int64_t Side(const Tensor &matrix, bool is_last_but_one) { return matrix.dim(matrix.rank() - 1 - is_last_but_one); }

  void PackRight(const float *from, int64_t depth, int64_t columns, int64_t padded, float *to) const {
    for (int64_t d = 0; d < depth; ++d, to += padded) {
      if (!turns_right_) {
        CopyPadded(to, from + d * columns, columns, padded);
        continue;
      }
      for (int64_t column = 0; column < padded; ++column) to[column] = column < columns ? from[column * depth + d] : 0;
    }
  }

  bool turns_left_, turns_right_;
};

class BatchMatMul : public MatrixProduct {
 public:
  explicit BatchMatMul(const Attributes &attributes) : MatrixProduct(attributes, "adj_x", "adj_y") {}
};

class MatMul : public MatrixProduct {
 public:
  explicit MatMul(const Attributes &attributes) : MatrixProduct(attributes, "transpose_a", "transpose_b") {}
};

}  // namespace

void RegisterProductOps() {
  RegisterProgramOp<BatchMatMul>("BatchMatMulV2");
  RegisterProgramOp<MatMul>("MatMul");
}

}  // namespace dlctl
