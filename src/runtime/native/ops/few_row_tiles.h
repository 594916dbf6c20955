// Products of few rows with a matrix, in tile registers: threads share out its columns, as there are too few rows, and a matrix that is
// needed only once is split right before it is multiplied.
#pragma once

#include "thread_pool.h"
#include "tile_product.h"

#if defined(DLCTL_AMX)

namespace dlctl {

/** `y = start + x matrix`, as RowMultiplier has it to the last bit: all sums are in the order of depth. */
template <int kParts>
class FewRowProduct {
 public:
  /** Splits x `[rows, depth]`. */
  FewRowProduct(const float *x, int rows, int depth) : rows_(rows), split_(DivideUp(rows, kPair), depth) {
    // Worth waking a thread for.
    constexpr int kBlocks = 16;
    const int parts = DivideUp(split_.blocks(), kBlocks);
    ParallelFor(RowBlocks() * parts, [&](int task) {
      const int row_block = task / parts, first = task % parts * kBlocks;
      const float *const from = x + static_cast<size_t>(row_block) * kPair * depth;
      split_.Split(from, depth, RowsOf(row_block), row_block, first, std::min(first + kBlocks, split_.blocks()));
    });
  }

  /** With a matrix that has been split before. */
  void Multiply(const TiledMatrix<kParts> &matrix, const float *start, float *y, int columns) const {
    ForColumnPairs(columns, start, y, [&](Task &task) {
      task.Add(0, split_.blocks(), [&](int block) { return matrix.Columns(block, task.tile()); });
    });
  }

  /** With one that is split here. */
  void Multiply(const MatrixSource &matrix, const float *start, float *y) const {
    // As much of two tiles of columns as stays near until the last rows are multiplied by it.
    constexpr int kBlocks = 32;
    ForColumnPairs(matrix.columns, start, y, [&](Task &task) {
      const int most = std::min(kBlocks, split_.blocks());
      const Scratch memory(TiledMatrix<kParts>::Floats(most * kTileDepth, kPair));
      for (int first = 0; first < split_.blocks(); first += kBlocks) {
        const int count = std::min(kBlocks, split_.blocks() - first);
        TiledMatrix<kParts> part(count * kTileDepth, kPair, memory.data());
        for (int block = 0; block < count; ++block) {
          for (int tile = 0; tile < 2; ++tile)
            part.FillTile(matrix, first + block, task.tile() + tile, part.Tile(block, tile));
        }
        task.Add(first, count, [&](int block) { return part.Columns(block - first, 0); });
      }
    });
  }

 private:
  static constexpr int kPair = 2 * kTileSide;

  /** The sums of two tiles of columns, on one thread. */
  class Task {
   public:
    Task(const FewRowProduct &product, int tile, const float *start)
        : product_(product), tile_(tile), sums_(static_cast<size_t>(product.RowBlocks()) * kPair * kPair) {
      for (int row = 0; row < product.RowBlocks() * kPair; ++row)
        memcpy(sums_.data() + row * kPair, start, kPair * sizeof(float));
    }

    int tile() const { return tile_; }

    /** Depth's blocks [first, first + count), of which `columns(block)` are the tiles. */
    template <class Columns>
    void Add(int first, int count, const Columns &columns) {
      for (int row_block = 0; row_block < product_.RowBlocks(); ++row_block) {
        float *const sums = sums_.data() + static_cast<size_t>(row_block) * kPair * kPair;
        if (product_.RowsOf(row_block) > kTileSide) AddTo<2>(row_block, first, count, columns, sums);
        else AddTo<1>(row_block, first, count, columns, sums);
      }
    }

    void Write(float *y, int64_t step, int columns) const {
      const int width = std::min(kPair, columns - tile_ * kTileSide);
      for (int row = 0; row < product_.rows_; ++row)
        memcpy(y + row * step + tile_ * kTileSide, sums_.data() + row * kPair, width * sizeof(float));
    }

   private:
    template <int kRowTiles, class Columns>
    void AddTo(int row_block, int first, int count, const Columns &columns, float *sums) {
      typedef TileSums<kRowTiles, 2> Sums;
      Sums::Load(sums, kPair);
      for (int block = first; block < first + count; ++block)
        Sums::template Add<kParts>(product_.split_.At(row_block, block), columns(block));
      Sums::Store(sums, kPair);
    }

    const TileScope scope_{};
    const FewRowProduct &product_;
    const int tile_;
    const Scratch sums_;
  };

  template <class Body>
  void ForColumnPairs(int columns, const float *start, float *y, const Body &body) const {
    ParallelFor(DivideUp(columns, kPair), [&](int pair) {
      Task task(*this, 2 * pair, start + pair * kPair);
      body(task);
      task.Write(y, columns, columns);
    });
  }

  int RowBlocks() const { return DivideUp(rows_, kPair); }
  int RowsOf(int row_block) const { return std::min(kPair, rows_ - row_block * kPair); }

  const int rows_;
  SplitRows<kParts> split_;
};

}  // namespace dlctl

#endif
