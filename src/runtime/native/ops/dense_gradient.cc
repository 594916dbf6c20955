// The gradient of a dense layer's weights: what takes longest of the gradient of a layer over many rows.
#include "op.h"
#include "thread_pool.h"
#include "tile.h"
#include "tile_product.h"
#include "transposed_product.h"

namespace dlctl {
namespace {

/** So many rows are summed up on their own, which is more exact than one long sum; their columns stay in the nearest cache. */
constexpr int kDepth = 64;
constexpr int kPanel = kTileVectors * kLanes;
/** Features and panels of one task at most: what is summed up stays in the second cache. */
constexpr int kFeatures = 256;
constexpr int kPanels = 4;

/**
 * x `[rows, features]` and dy `[rows, units]` give the kernel's gradient, x's transpose by dy, and the bias's, the sum of dy's rows.
 * `parts` as for DlctlDense.
 */
class DenseGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlDenseGradient", {"parts: int = 3"}, {"x: float", "dy: float"}, {"kernel: float", "bias: float"}};
  }

  explicit DenseGradient(const Attributes &attributes) : parts_(PartsOf(attributes)) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 2), dy = call.Input(1, 2);
    const int rows = static_cast<int>(x.dim(0)), features = static_cast<int>(x.dim(1)), units = static_cast<int>(dy.dim(1));
    Call::Require(dy.dim(0) == rows, "x and dy have different numbers of rows");
    float *const kernel = call.Output(0, {features, units}).data();
    float *const bias = call.Output(1, {units}).data();
#if defined(DLCTL_AMX)
    if (HasTiles() && rows >= kTileDepth && features >= kTileSide && units >= kTileSide) {
      return WithParts(parts_, [&](auto parts) {
        TransposedProduct<decltype(parts)::value>(x.data(), dy.data(), rows, features, units).Compute(kernel, bias);
      });
    }
#endif
    const int panels = DivideUp(units, kPanel), threads = ThreadCount();
    // As few as there are threads, so that x and dy are read as seldom as can be; of features where columns can't be shared out evenly.
    const bool by_features = panels % threads != 0 && features >= 8 * threads;
    const int feature_groups = std::max(by_features ? threads : 1, DivideUp(features, kFeatures));
    const int column_groups =
        std::max(DivideUp(panels, kPanels), std::min(panels, DivideUp(threads, feature_groups)));
    // Each task has a part of the result to itself, and sums it up in the order of rows.
    ParallelFor(feature_groups * column_groups, [&](int task) {
      const int group = task % feature_groups, columns_of = task / feature_groups;
      const int first = PartStart(features, group, feature_groups);
      const int count = PartStart(features, group + 1, feature_groups) - first;
      const int first_panel = PartStart(panels, columns_of, column_groups);
      const int panel_count = PartStart(panels, columns_of + 1, column_groups) - first_panel;
      const size_t panel_size = static_cast<size_t>(count + 1) * kPanel;
      const Scratch sums(panel_count * panel_size), columns(kDepth * kPanel);
      memset(sums.data(), 0, sizeof(float) * panel_count * panel_size);
      for (int top = 0; top < rows; top += kDepth) {
        const int depth = std::min(kDepth, rows - top);
        for (int panel = 0; panel < panel_count; ++panel) {
          const int column = (first_panel + panel) * kPanel;
          float *const panel_sums = sums.data() + panel * panel_size;
          PackBlock(dy.data() + static_cast<size_t>(top) * units + column, units, units - column, depth, columns.data(),
                    panel_sums + static_cast<size_t>(count) * kPanel);
          MultiplyBlock(x.data() + static_cast<size_t>(top) * features + first, features, count, depth, columns.data(),
                        panel_sums);
        }
      }
      for (int panel = 0; panel < panel_count; ++panel) {
        const int column = (first_panel + panel) * kPanel, width = std::min(kPanel, units - column);
        const float *const panel_sums = sums.data() + panel * panel_size;
        for (int feature = 0; feature < count; ++feature)
          memcpy(kernel + static_cast<size_t>(first + feature) * units + column,
                 panel_sums + static_cast<size_t>(feature) * kPanel, width * sizeof(float));
        if (group == 0) memcpy(bias + column, panel_sums + static_cast<size_t>(count) * kPanel, width * sizeof(float));
      }
    });
  }

 private:
  static void PackBlock(const float *dy, int stride, int width, int depth, float *columns, float *column_sums) {
    Vec totals[kTileVectors] = {};
    for (int k = 0; k < depth; ++k)
      for (int n = 0; n < kTileVectors; ++n) {
        const Vec value = LoadSome(dy + static_cast<size_t>(k) * stride + n * kLanes, width - n * kLanes);
        Store(columns + k * kPanel + n * kLanes, value);
        totals[n] += value;
      }
    for (int n = 0; n < kTileVectors; ++n) Store(column_sums + n * kLanes, Load(column_sums + n * kLanes) + totals[n]);
  }

  /** The rows of a tile are features: they stand side by side in x's rows. */
  static void MultiplyBlock(const float *x, int stride, int count, int depth, const float *columns, float *sums) {
    ForRowTiles(count, [&](auto rows, int first) {
      constexpr int kRows = decltype(rows)::value;
      Vec tile[kRows][kTileVectors] = {};
      for (int k = 0; k < depth; ++k) {
        const float *const values = x + static_cast<size_t>(k) * stride + first;
        Vec column[kTileVectors];
#pragma GCC unroll 8
        for (int n = 0; n < kTileVectors; ++n) column[n] = Load(columns + k * kPanel + n * kLanes);
#pragma GCC unroll 8
        for (int m = 0; m < kRows; ++m) {
          const Vec value = Broadcast(values[m]);
#pragma GCC unroll 8
          for (int n = 0; n < kTileVectors; ++n) tile[m][n] += value * column[n];
        }
      }
      for (int m = 0; m < kRows; ++m)
        for (int n = 0; n < kTileVectors; ++n) {
          float *const sum = sums + static_cast<size_t>(first + m) * kPanel + n * kLanes;
          Store(sum, Load(sum) + tile[m][n]);
        }
    });
  }

  int parts_;
};

}  // namespace

void RegisterDenseOps() { RegisterOp<DenseGradient>(); }

}  // namespace dlctl
