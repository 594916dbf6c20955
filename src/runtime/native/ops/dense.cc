// A dense layer's product. Over many rows, weights are packed once, and each thread takes rows of its own; over few, columns.
#include "amx.h"
#include "few_row_tiles.h"
#include "few_rows.h"
#include "op.h"
#include "thread_pool.h"
#include "tile.h"
#include "tile_product.h"
#include "unpacked_rows.h"

namespace dlctl {
namespace {

/** Rows of a task: a panel of weights is read from the second cache once for all of them. */
constexpr int kRowsOfTask = 96;
constexpr int kRowsOfTileTask = 128;
constexpr int kPanel = kTileVectors * kLanes;

/** A panel's columns side by side for each of depth, as MultiplyPacked takes them; 0 beyond the last column. */
void PackPanel(const MatrixSource &weights, int panel, float *packed) {
  const int padded = PaddedToLanes(weights.columns);
  const int first = panel * kPanel, width = PanelVectors(padded, panel) * kLanes;
  const int count = std::min(width, weights.columns - first);
  float *const to = packed + static_cast<size_t>(first) * weights.depth;
  if (weights.column_step == 1) {
    for (int k = 0; k < weights.depth; ++k) {
      memcpy(to + static_cast<size_t>(k) * width, weights.data + k * weights.row_step + first, count * sizeof(float));
      memset(to + static_cast<size_t>(k) * width + count, 0, (width - count) * sizeof(float));
    }
    return;
  }
  for (int column = 0; column < width; ++column)
    for (int k = 0; k < weights.depth; ++k)
      to[static_cast<size_t>(k) * width + column] =
          column < count ? weights.data[k * weights.row_step + (first + column) * weights.column_step] : 0;
}

/**
 * x [rows, depth] times weights [depth, columns], or times the transpose of [columns, depth]; plus a bias [columns], or [0] for none.
 * `parts` is how many bfloat16 stand for a float where tiles multiply (float_parts.h); vectors multiply whole floats.
 */
class Dense {
 public:
  static OpDefinition Definition() {
    return {"DlctlDense",
            {"transposed: bool", "parts: int = 3"},
            {"x: float", "weights: float", "bias: float"},
            {"y: float"}};
  }

  explicit Dense(const Attributes &attributes)
      : is_transposed_(attributes.Bool("transposed")), parts_(PartsOf(attributes)) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 2), given = call.Input(1, 2), bias = call.Input(2, 1);
    const int rows = static_cast<int>(x.dim(0)), depth = static_cast<int>(x.dim(1));
    const int columns = static_cast<int>(given.dim(is_transposed_ ? 0 : 1));
    Call::Require(given.dim(is_transposed_ ? 1 : 0) == depth, "x and the weights don't fit together");
    Call::Require(bias.size() == columns || bias.size() == 0, "the bias must have a number for each column");
    float *const y = call.Output(0, {rows, columns}).data();
    const int padded = PaddedToLanes(columns);
    const MatrixSource weights = is_transposed_ ? MatrixSource{given.data(), depth, columns, 1, depth}
                                                : MatrixSource{given.data(), depth, columns, columns, 1};
    // A whole pair of tiles is read.
    const Scratch start(padded + kTileSide);
    memset(start.data(), 0, padded * sizeof(float));
    if (bias.size() > 0) memcpy(start.data(), bias.data(), columns * sizeof(float));
    const bool is_kept = call.KeepsPacked({1});
    // Vectors multiply whole floats; fewer parts of them are for tiles.
    if (!is_kept && (parts_ == 3 || !HasTiles())) {
      if (is_transposed_ && rows <= kMostRowsByTransposed)
        return MultiplyByTransposed(x.data(), rows, depth, given.data(), columns, start.data(), y);
      if (rows <= kMostUnpackedRows && columns == padded)
        return UnpackedProduct(x.data(), rows, depth, given.data(), is_transposed_, columns, start.data(), y).Compute();
    }
#if defined(DLCTL_AMX)
    // A matrix that is kept has been packed for few rows once and for all; another one is best split while it is read.
    const bool has_enough_rows = is_kept ? rows >= kTileSide && !IsReadOnce(rows, depth) : !IsLarge(rows, depth);
    if (HasTiles() && depth >= kTileSide && has_enough_rows) {
      return WithParts(parts_, [&](auto parts) {
        MultiplyByTiles<decltype(parts)::value>(call, x.data(), rows, weights, start.data(), y);
      });
    }
#endif

    const float *const packed = call.Packed(0, {1}, static_cast<size_t>(depth) * padded, [&](float *to) {
      ParallelFor((padded + kPanel - 1) / kPanel, [&](int panel) { PackPanel(weights, panel, to); });
    });
    if (rows <= kRowsOfTask || IsReadOnce(rows, depth))
      return MultiplyFewRows(x.data(), rows, depth, packed, columns, start.data(), y);
    // A product does not depend on how its rows are cut into tasks.
    const int tasks = (rows + kRowsOfTask - 1) / kRowsOfTask;
    ParallelFor(tasks, [&](int task) {
      const int first = PartStart(rows, task, tasks), count = PartStart(rows, task + 1, tasks) - first;
      for (int column = 0; column < padded; column += kPanel) {
        const Panel panel{packed + static_cast<size_t>(column) * depth, start.data() + column,
                          std::min(kPanel, columns - column)};
        const float *const from = x.data() + static_cast<size_t>(first) * depth;
        float *const to = y + static_cast<size_t>(first) * columns + column;
        switch (PanelVectors(padded, column / kPanel)) {
          case 1:
            Multiply<1>(from, count, depth, panel, to, columns);
            break;
          case 2:
            Multiply<2>(from, count, depth, panel, to, columns);
            break;
          case 3:
            Multiply<3>(from, count, depth, panel, to, columns);
            break;
          default:
            Multiply<4>(from, count, depth, panel, to, columns);
        }
      }
    });
  }

 private:
  struct Panel {
    const float *packed;
    /** What sums begin with. */
    const float *start;
    int columns;
  };

  template <int kVectors>
  static void Multiply(const float *x, int count, int depth, const Panel &panel, float *y, int stride) {
    ForRowTiles(count, [&](auto rows, int first) {
      constexpr int kRows = decltype(rows)::value;
      const float *tile_rows[kRows];
      Vec sums[kRows][kVectors];
      for (int m = 0; m < kRows; ++m) {
        tile_rows[m] = x + static_cast<size_t>(first + m) * depth;
        for (int n = 0; n < kVectors; ++n) sums[m][n] = Load(panel.start + n * kLanes);
      }
      Accumulate<kVectors>(sums, tile_rows, panel.packed, depth);
      for (int m = 0; m < kRows; ++m)
        for (int n = 0; n < kVectors; ++n)
          StoreSome(y + static_cast<size_t>(first + m) * stride + n * kLanes, sums[m][n], panel.columns - n * kLanes);
    });
  }

#if defined(DLCTL_AMX)
  template <int kParts>
  static void MultiplyByTiles(Call &call, const float *x, int rows, const MatrixSource &weights, const float *start,
                              float *y) {
    // One task alone would leave the other threads idle.
    const bool has_few_rows = rows <= kRowsOfTileTask;
    if (has_few_rows && !call.KeepsPacked({1}))
      return FewRowProduct<kParts>(x, rows, weights.depth).Multiply(weights, start, y);
    const size_t floats = TiledMatrix<kParts>::Floats(weights.depth, weights.columns);
    const float *const tiles = call.Packed(kParts, {1}, floats, [&](float *to) {
      TiledMatrix<kParts> filled(weights.depth, weights.columns, to);
      ParallelFor(filled.blocks(), [&](int block) { filled.FillBlock(weights, block); });
    });
    const TiledMatrix<kParts> matrix(weights.depth, weights.columns, tiles);
    if (has_few_rows) return FewRowProduct<kParts>(x, rows, weights.depth).Multiply(matrix, start, y, weights.columns);
    const int tasks = DivideUp(rows, kRowsOfTileTask);
    ParallelFor(tasks, [&](int task) {
      // Whole tiles of rows, but for the last ones.
      const int first = task * kRowsOfTileTask, count = std::min(kRowsOfTileTask, rows - first);
      RowMultiplier<kParts>(matrix, weights.depth)
          .Multiply(x + static_cast<size_t>(first) * weights.depth, weights.depth, count, start,
                    y + static_cast<size_t>(first) * weights.columns, weights.columns, weights.columns);
    });
  }
#endif

  bool is_transposed_;
  int parts_;
};

}  // namespace

void RegisterDenseProductOps() { RegisterOp<Dense>(); }

}  // namespace dlctl
