// Adam's step of all weights at once, in place: each weight and its averages are read and written once. TensorFlow's own
// takes an operation for each weight, and for an embedding a gradient as large as the table, of which most is zeros.
#include <algorithm>
#include <memory>

#include "flush_denormals.h"
#include "op.h"
#include "row.h"
#include "rows_by_id.h"
#include "thread_pool.h"

namespace dlctl {
namespace {

/** Numbers of one task, about: few enough to be shared out evenly, and enough to be worth waking a thread. */
constexpr int64_t kTaskSize = 1 << 15;

/** A weight, its averages and its gradient, which for a table may be given as rows with the ids of the table's rows. */
struct Weight {
  float *value;
  float *mean;
  float *square;
  const float *gradient;
  int64_t size;
  int64_t width;
  std::unique_ptr<const RowsById> rows;
};

/** Of a weight without rows, or of a table's rows without gradient, a range of numbers; of a table a range of rows. */
struct Range {
  const Weight *weight;
  int64_t first;
  int64_t last;
};

/**
 * Changes `values`, `means` and `squares` in place, which the C API has no other way for: whoever puts it into a graph
 * makes it run after all others that read their memory. Of each number, as in TensorFlow's ResourceApplyAdam:
 *   mean += (g - mean) mean_share;  square += (g g - square) square_share
 *   value = value kept - rate mean / (sqrt(square) + epsilon)
 * The first `sparse` weights are tables: their gradients are rows, of which all of one id are summed up in their order;
 * rows that are nobody's gradient decay and move nevertheless.
 */
class Adam {
 public:
  static OpDefinition Definition() {
    return {"DlctlAdam",
            {"count: int >= 1", "sparse: int >= 0", "mean_share: float", "square_share: float", "epsilon: float"},
            {"rate: float", "kept: float", "values: count * float", "means: count * float", "squares: count * float",
             "gradients: count * float", "ids: sparse * int32"},
            {},
            true};
  }

  explicit Adam(const Attributes &attributes)
      : count_(static_cast<int>(attributes.Int("count"))),
        sparse_(static_cast<int>(attributes.Int("sparse"))),
        mean_share_(attributes.Float("mean_share")),
        square_share_(attributes.Float("square_share")),
        epsilon_(attributes.Float("epsilon")) {
    Call::Require(sparse_ <= count_, "more tables than weights");
  }

  void Compute(Call &call) const {
    const float rate = *call.Input(0, 0).data(), kept = *call.Input(1, 0).data();
    std::vector<Weight> weights;
    for (int index = 0; index < count_; ++index) weights.push_back(WeightOf(call, index));
    // Nothing is written before all inputs are known to be right.
    std::vector<Range> tasks;
    for (const Weight &weight : weights) AddTasks(weight, tasks);
    ParallelFor(static_cast<int>(tasks.size()), [&](int task) {
      const FlushDenormals flush;
      const auto &[weight, first, last] = tasks[static_cast<size_t>(task)];
      if (weight->rows) {
        MoveRows(*weight, first, last, rate, kept);
      } else {
        const float *const gradient = weight->gradient + first;
        Move(*weight, first, last - first, rate, kept, [&](int64_t at, int count) { return LoadSome(gradient + at, count); });
      }
    });
  }

 private:
  Weight WeightOf(Call &call, int index) const {
    const auto input = [&](int list) { return call.Input(2 + list * count_ + index); };
    const Tensor value = input(0), mean = input(1), square = input(2), gradient = input(3);
    const int64_t size = value.size();
    Call::Require(mean.size() == size && square.size() == size, "a weight and its averages differ in size");
    Weight weight{value.data(), mean.data(), square.data(), gradient.data(), size, 1, nullptr};
    if (index >= sparse_) {
      Call::Require(gradient.size() == size, "a weight and its gradient differ in size");
      return weight;
    }
    const Tensor ids = call.Input(2 + 4 * count_ + index);
    Call::Require(value.rank() > 0, "a table has rows");
    const int64_t rows = value.dim(0);
    weight.width = rows == 0 ? 0 : size / rows;
    Call::Require(gradient.size() == ids.size() * weight.width, "a table's gradient has other rows than ids");
    weight.rows = std::make_unique<RowsById>(ids.data<int32_t>(), ids.size(), rows);
    return weight;
  }

  static void AddTasks(const Weight &weight, std::vector<Range> &tasks) {
    if (weight.size == 0) return;
    const int64_t length = weight.size / weight.width, step = std::max<int64_t>(1, kTaskSize / weight.width);
    for (int64_t first = 0; first < length; first += step)
      tasks.push_back({&weight, first, std::min(first + step, length)});
  }

  /** Neighbouring rows without gradient are one run. */
  void MoveRows(const Weight &weight, int64_t first, int64_t last, float rate, float kept) const {
    const RowsById &rows = *weight.rows;
    const int64_t width = weight.width;
    const Scratch sums(static_cast<size_t>(width));
    const auto is_empty = [&](int64_t row) { return rows.begin(row) == rows.end(row); };
    for (int64_t row = first; row < last;) {
      int64_t next = row;
      while (next < last && is_empty(next)) ++next;
      if (next > row) {
        Move(weight, row * width, (next - row) * width, rate, kept, [](int64_t, int) { return Vec{}; });
        row = next;
        continue;
      }
      memset(sums.data(), 0, static_cast<size_t>(width) * sizeof(float));
      for (const int64_t *place = rows.begin(row); place != rows.end(row); ++place) {
        const float *const from = weight.gradient + *place * width;
        ForVectors(width, [&](int64_t at, int count) {
          StoreSome(sums.data() + at, LoadSome(sums.data() + at, count) + LoadSome(from + at, count), count);
        });
      }
      Move(weight, row * width, width, rate, kept, [&](int64_t at, int count) { return LoadSome(sums.data() + at, count); });
      ++row;
    }
  }

  template <class Gradient>
  void Move(const Weight &weight, int64_t first, int64_t size, float rate, float kept, const Gradient &gradient) const {
    float *const values = weight.value + first, *const means = weight.mean + first, *const squares = weight.square + first;
    const float mean_share = mean_share_, square_share = square_share_, epsilon = epsilon_;
    ForVectors(size, [&](int64_t at, int count) {
      const Vec g = gradient(at, count);
      const Vec mean = LoadSome(means + at, count), square = LoadSome(squares + at, count);
      const Vec new_mean = mean + (g - mean) * mean_share;
      const Vec new_square = square + (g * g - square) * square_share;
      const Vec value = LoadSome(values + at, count);
      StoreSome(means + at, new_mean, count);
      StoreSome(squares + at, new_square, count);
      StoreSome(values + at, value * kept - new_mean * rate / (Sqrt(new_square) + epsilon), count);
    });
  }

  int count_;
  int sparse_;
  float mean_share_;
  float square_share_;
  float epsilon_;
};

}  // namespace

void RegisterAdamOps() { RegisterOp<Adam>(); }

}  // namespace dlctl
