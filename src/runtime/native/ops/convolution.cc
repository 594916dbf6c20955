// Convolutions with what follows them (bias, relu, the greatest of 2 x 2 pixels) in one pass: what is pooled away is never
// written to memory. And their gradients, which undo pooling and relu band by band where they need it.
#include "convolution_by_tiles.h"
#include "convolution_gradient.h"
#include "filter_gradient_by_tiles.h"
#include "input_gradient_by_tiles.h"
#include "thread_pool.h"
#include "tile_product.h"

namespace dlctl {
namespace {

/** A task should be worth waking a thread for it; more of them than threads, so that none waits long. */
int64_t TasksOf(const ConvolutionShape &s, int64_t rows) {
  const int64_t worth = static_cast<int64_t>(s.operations() / 2e6);
  return std::max<int64_t>(1, std::min({worth, rows, static_cast<int64_t>(4 * ThreadCount())}));
}

template <class Task>
void Parallel(int64_t tasks, const Task &task) {
  ParallelFor(static_cast<int>(tasks), [&](int index) { task(index); });
}

// `parts`: see float_parts.h; without tiles there are always all three.

class Convolution {
 public:
  static OpDefinition Definition() {
    return {"DlctlConvolution",
            {"stride_y: int", "stride_x: int", "same: bool", "relu: bool", "pooled: bool", "parts: int = 3",
             "codes: bool"},
            {"x: float", "filter: float", "bias: float"},
            {"y: float", "pooled_from: uint8"}};
  }

  explicit Convolution(const Attributes &attributes)
      : options_(attributes), parts_(PartsOf(attributes)), has_codes_(attributes.Bool("codes")) {}

  /**
   * x [batch, height, width, inputs], filter [rows, columns, inputs, outputs], bias [outputs] or [0]. y [batch, height,
   * width, outputs] and, where asked for and pooled, which pixel of each window it is: see ConvolutionTile::codes.
   */
  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 4), filter = call.Input(1, 4), bias = call.Input(2, 1);
    Call::Require(filter.dim(2) == x.dim(3), "the filter is for another number of channels");
    Call::Require(bias.size() == filter.dim(3) || bias.size() == 0, "the bias must have a number for each output");
    const ConvolutionShape s = options_.ShapeOf(x.dim(0), x.dim(1), x.dim(2), x.dim(3), filter.dim(0), filter.dim(1),
                                                filter.dim(3));
    const int64_t pool = options_.pooled ? 2 : 1;
    const std::vector<int64_t> dims = {s.batch, s.out_height / pool, s.out_width / pool, s.outputs};
    float *y = call.Output(0, dims).data();
    const bool has_codes = has_codes_ && options_.pooled;
    uint8_t *codes = call.Output(1, has_codes ? dims : std::vector<int64_t>{0, 0, 0, 0}, TF_UINT8).data<uint8_t>();
    if (dims[0] * dims[1] * dims[2] * dims[3] == 0) return;
    const Scratch padded_bias(RoundUp(s.outputs, kBlock));
    if (bias.size() > 0) {
      std::fill_n(padded_bias.data(), RoundUp(s.outputs, kBlock), 0.0f);
      std::copy_n(bias.data(), s.outputs, padded_bias.data());
    }
    const float *own_bias = bias.size() > 0 ? padded_bias.data() : nullptr;
    const ConvolutionCall of{s, options_.relu, options_.pooled, x.data(), filter.data(), own_bias, y, has_codes ? codes : nullptr};
#if defined(DLCTL_AMX)
    if (TilesPay(s.rows, s.columns * s.inputs))
      return WithParts(parts_, [&](auto parts) { ConvolveByTiles<parts.value>(call, of); });
#endif
    const float *const packed =
        call.Packed(0, {1}, PackedFilterSize(s.depth(), s.outputs), [&](float *to) { PackFilter(of, to); });
    const int64_t tasks = TasksOf(s, s.batch * of.y_rows());
    Parallel(tasks, [&](int64_t task) {
      const PlainConvolution plain(of, packed);
      RowsOfTask(s.batch, of.y_rows(), plain.most_rows(), task, tasks,
                 [&](int64_t image, int64_t first, int64_t end) { plain.Run(image, first, end); });
    });
  }

 private:
  ConvolutionOptions options_;
  int parts_;
  bool has_codes_;
};

/** What a gradient gets: dy, the convolution's y (dy again where it is not needed), and which pixels were pooled. */
OutputGradient GradientOf(Call &call, const ConvolutionOptions &options, int first_input) {
  const Tensor dy = call.Input(first_input, 4), y = call.Input(first_input + 1, 4);
  const Tensor codes = call.Input(first_input + 2, 4);
  Call::Require(y.size() == dy.size(), "the result must have the shape of its gradient");
  Call::Require(!options.pooled || codes.size() == dy.size(), "the pooled pixels must have the shape of the gradient");
  const bool masks = options.relu && !options.pooled;
  return {dy.data(), masks ? y.data() : nullptr, options.pooled ? codes.data<uint8_t>() : nullptr};
}

void RequireGradient(const ConvolutionShape &s, const Tensor &dy, int64_t pool) {
  const bool fits = dy.dim(0) == s.batch && dy.dim(1) == s.out_height / pool && dy.dim(2) == s.out_width / pool;
  Call::Require(fits, "the gradient must have the shape of the result");
}

class ConvolutionFilterGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlConvolutionFilterGradient",
            {"stride_y: int", "stride_x: int", "same: bool", "relu: bool", "pooled: bool", "parts: int = 3",
             "rows: int", "columns: int"},
            {"x: float", "dy: float", "y: float", "pooled_from: uint8"},
            {"filter_gradient: float", "bias_gradient: float"}};
  }

  explicit ConvolutionFilterGradient(const Attributes &attributes)
      : options_(attributes), parts_(PartsOf(attributes)), rows_(attributes.Int("rows")), columns_(attributes.Int("columns")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 4), dy = call.Input(1, 4);
    const OutputGradient of = GradientOf(call, options_, 1);
    const ConvolutionShape s =
        options_.ShapeOf(x.dim(0), x.dim(1), x.dim(2), x.dim(3), rows_, columns_, dy.dim(3));
    RequireGradient(s, dy, options_.pooled ? 2 : 1);
    float *filter = call.Output(0, {rows_, columns_, s.inputs, s.outputs}).data();
    float *bias = call.Output(1, {s.outputs}).data();
#if defined(DLCTL_AMX)
    if (s.operations() > 0 && FilterTilesPay(s))
      return WithParts(parts_, [&](auto parts) { FilterGradientByTiles<parts.value>(s, x.data(), of, filter, bias); });
#endif
    const int64_t rows = s.depth() + 1;
    const int64_t blocks = (s.outputs + kBlock - 1) / kBlock;
    const int64_t parts = SharesOf(s);
    const Scratch sums(parts * rows * s.padded_outputs());
    const auto width_of = [&](int64_t block) { return std::min(kBlock, s.padded_outputs() - block * kBlock); };
    // All parts of a block follow each other.
    const auto sums_of = [&](int64_t block, int64_t part) {
      return sums.data() + parts * rows * block * kBlock + part * rows * width_of(block);
    };
    Parallel(blocks * parts, [&](int64_t task) {
      const int64_t block = task / parts;
      const int64_t part = task % parts;
      FilterGradientSums own(s, x.data(), of, block, sums_of(block, part));
      RowsOfTask(s.batch, s.out_height, FilterGradientRows(s), part, parts,
                 [&](int64_t image, int64_t first, int64_t end) { own.AddBand(image, first, end); });
    });
    const int64_t joins = s.depth() * s.outputs * parts > 200000 ? 4 * ThreadCount() : 1;
    Parallel(joins, [&](int64_t join) {
      for (int64_t row = rows * join / joins; row < rows * (join + 1) / joins; ++row) {
        float *to = row < s.depth() ? filter + row * s.outputs : bias;
        for (int64_t block = 0; block < blocks; ++block) {
          const int64_t width = width_of(block);
          const float *from = sums_of(block, 0) + row * width;
          for (int64_t c = 0; c < std::min(width, s.outputs - block * kBlock); ++c) {
            float sum = from[c];
            for (int64_t part = 1; part < parts; ++part) sum += from[part * rows * width + c];
            to[block * kBlock + c] = sum;
          }
        }
      }
    });
  }

 private:
  /** Depends on sizes alone, as sums depend on it in their last bits. */
  static int64_t SharesOf(const ConvolutionShape &s) {
    const int64_t worth = static_cast<int64_t>(s.operations() / 4e6);
    const int64_t wanted = std::max<int64_t>(1, 16 / ((s.outputs + 31) / 32));
    const int64_t held = (int64_t{4} << 20) / (s.depth() * s.outputs + 1);
    return std::max<int64_t>(1, std::min({worth, wanted, held, s.batch * s.out_height}));
  }

  ConvolutionOptions options_;
  int parts_;
  int64_t rows_, columns_;
};

class ConvolutionInputGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlConvolutionInputGradient",
            {"stride_y: int", "stride_x: int", "same: bool", "relu: bool", "pooled: bool", "parts: int = 3",
             "height: int", "width: int"},
            {"filter: float", "dy: float", "y: float", "pooled_from: uint8", "added: float"},
            {"input_gradient: float"}};
  }

  explicit ConvolutionInputGradient(const Attributes &attributes)
      : options_(attributes), parts_(PartsOf(attributes)), height_(attributes.Int("height")), width_(attributes.Int("width")) {}

  /** `added`, like the input or [0], is added to its gradient. */
  void Compute(Call &call) const {
    const Tensor filter = call.Input(0, 4), dy = call.Input(1, 4);
    Call::Require(filter.dim(3) == dy.dim(3), "the gradient must have the shape of the result");
    const OutputGradient of = GradientOf(call, options_, 1);
    const ConvolutionShape s = options_.ShapeOf(dy.dim(0), height_, width_, filter.dim(2), filter.dim(0),
                                                filter.dim(1), filter.dim(3));
    RequireGradient(s, dy, options_.pooled ? 2 : 1);
    const Dims dims{s.batch, s.height, s.width, s.inputs};
    // Before the input is asked for, which keeps its memory from being taken over.
    float *dx = call.OutputOver(0, {4}, dims).data();
    const Tensor added = call.Input(4);
    Call::Require(added.size() == 0 || added.dims() == dims, "what is added must have the shape of the input");
    const InputGradientResult result{dx, added.size() > 0 ? added.data() : nullptr};
#if defined(DLCTL_AMX)
    if (s.operations() > 0 && TilesPay(s.rows, s.columns * s.outputs))
      return WithParts(parts_, [&](auto parts) { InputGradientByTiles<parts.value>(s, of, filter.data(), result); });
#endif
    const Scratch packed(TurnedFilterSize(s));
    PackTurnedFilter(s, filter.data(), packed.data());
    const int64_t tasks = TasksOf(s, s.batch * InputGradientRows(s));
    Parallel(tasks, [&](int64_t task) {
      const InputGradientBands own(s, of, packed.data(), result);
      RowsOfTask(s.batch, InputGradientRows(s), own.most_rows(), task, tasks,
                 [&](int64_t image, int64_t first, int64_t end) { own.Run(image, first, end); });
    });
  }

 private:
  ConvolutionOptions options_;
  int parts_;
  int64_t height_, width_;
};

}  // namespace

void RegisterConvolutionOps() {
  RegisterOp<Convolution>();
  RegisterOp<ConvolutionFilterGradient>();
  RegisterOp<ConvolutionInputGradient>();
}

}  // namespace dlctl
