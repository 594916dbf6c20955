// A whole LSTM layer (sigmoid gates, tanh) in one operation, and the part of its gradient that goes from step to step.
#include "recurrent.h"

namespace dlctl {
namespace {

/** Input, forget, candidate, output: the order of the weights' columns. */
constexpr int kGates = 4;

/**
 * x `[batch, time, features]`, kernel `[features, 4 * units]`, recurrent `[units, 4 * units]`, bias `[4 * units]` and a mask give
 * y `[batch, time, units]` or, of the last step, `[batch, units]`. For the gradient: `before`, the state before each step; and gates
 * and cell states in an order of their own. Steps left out by the mask keep the state.
 */
class Lstm {
 public:
  static OpDefinition Definition() {
    return {"DlctlLstm",
            {"sequences: bool"},
            {"x: float", "kernel: float", "recurrent: float", "bias: float", "mask: int32"},
            {"y: float", "before: float", "gates: float", "cells: float"}};
  }

  explicit Lstm(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 3), kernel = call.Input(1, 2), recurrent = call.Input(2, 2), bias = call.Input(3, 1);
    const int features = static_cast<int>(x.dim(2));
    const RecurrentSizes sizes{static_cast<int>(x.dim(0)), static_cast<int>(x.dim(1)), static_cast<int>(recurrent.dim(0))};
    const int units = sizes.units, width = kGates * units, padded = sizes.padded_units(), blocks = sizes.blocks();
    Call::Require(kernel.dim(0) == features && kernel.dim(1) == width && recurrent.dim(1) == width && bias.dim(0) == width,
                  "the weights don't fit together");
    const StepMask mask(call.Input(4, 2), sizes);
    const int64_t batch = sizes.batch, time = sizes.time;
    float *const y = (sequences_ ? call.Output(0, {batch, time, units}) : call.Output(0, {batch, units})).data();
    float *const before = call.Output(1, {batch, time, units}).data();
    float *const gates = call.Output(2, {batch, time, kGates * padded}).data();
    float *const cells = call.Output(3, {batch, time, padded}).data();

    const int depth = features + units;
    const float *const packed = call.Packed(0, {1, 2}, static_cast<size_t>(depth) * kGates * padded, [&](float *to) {
      PackGates(kernel.data(), features, width, kGates, units, depth, 0, to);
      PackGates(recurrent.data(), units, width, kGates, units, depth, features, to);
    });
    const float *const packed_bias = call.Packed(
        1, {3}, kGates * padded, [&](float *to) { PackGates(bias.data(), 1, width, kGates, units, 1, 0, to); });

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states(3 * state_size);
      memset(states.data(), 0, 3 * state_size * sizeof(float));
      float *hidden = states.data(), *next = hidden + state_size, *const cell = next + state_size;
      for (int step = 0; step < sizes.time; ++step) {
        const auto at = [&](int example) { return static_cast<size_t>(first + example) * sizes.time + step; };
        CopyStates(hidden, sizes, count, before + at(0) * units, sizes.time);
        for (int block = 0; block < blocks; ++block) {
          const float *const weights = packed + static_cast<size_t>(block) * depth * kGates * kLanes;
          const float *const biases = packed_bias + block * kGates * kLanes;
          ForRowTiles(count, [&](auto rows, int top) {
            constexpr int kRows = decltype(rows)::value;
            const float *inputs[kRows], *hiddens[kRows];
            Vec sums[kRows][kGates];
            for (int m = 0; m < kRows; ++m) {
              inputs[m] = x.data() + at(top + m) * features;
              hiddens[m] = hidden + static_cast<size_t>(top + m) * padded;
              for (int gate = 0; gate < kGates; ++gate) sums[m][gate] = Load(biases + gate * kLanes);
            }
            Accumulate<kGates>(sums, inputs, weights, features);
            Accumulate<kGates>(sums, hiddens, weights + static_cast<size_t>(features) * kGates * kLanes, units);
            for (int m = 0; m < kRows; ++m) {
              const size_t place = static_cast<size_t>(top + m) * padded + block * kLanes;
              const Vec old_cell = Load(cell + place), old_hidden = Load(hidden + place);
              const Vec input = Sigmoid(sums[m][0]), forget = Sigmoid(sums[m][1]);
              const Vec candidate = Tanh(sums[m][2]), output = Sigmoid(sums[m][3]);
              const bool reads = mask.Reads(first + top + m, step);
              const Vec new_cell = reads ? forget * old_cell + input * candidate : old_cell;
              float *const saved = gates + (at(top + m) * blocks + block) * kGates * kLanes;
              Store(saved, input);
              Store(saved + kLanes, forget);
              Store(saved + 2 * kLanes, candidate);
              Store(saved + 3 * kLanes, output);
              Store(cells + at(top + m) * padded + block * kLanes, new_cell);
              Store(cell + place, new_cell);
              Store(next + place, reads ? output * Tanh(new_cell) : old_hidden);
            }
          });
        }
        std::swap(hidden, next);
        if (sequences_) CopyStates(hidden, sizes, count, y + at(0) * units, sizes.time);
      }
      if (!sequences_) CopyStates(hidden, sizes, count, y + static_cast<size_t>(first) * units, 1);
    });
  }

 private:
  const bool sequences_;
};

/**
 * From y's gradient and what the layer saved: the gradient of the gates' sums before their activation, `[batch * time, 4 * units]`.
 * Those of the inputs and weights are products of it, for all steps at once.
 */
class LstmGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlLstmGradient",
            {"sequences: bool"},
            {"dy: float", "recurrent: float", "gates: float", "cells: float", "mask: int32"},
            {"sums: float"}};
  }

  explicit LstmGradient(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

  void Compute(Call &call) const {
    const Tensor dy = call.Input(0, sequences_ ? 3 : 2), recurrent = call.Input(1, 2);
    const Tensor gates = call.Input(2, 3), cells = call.Input(3, 3);
    const RecurrentSizes sizes{static_cast<int>(cells.dim(0)), static_cast<int>(cells.dim(1)),
                               static_cast<int>(recurrent.dim(0))};
    const int units = sizes.units, width = kGates * units, padded = sizes.padded_units(), blocks = sizes.blocks();
    Call::Require(recurrent.dim(1) == width && cells.dim(2) == padded && gates.dim(2) == kGates * padded &&
                      dy.size() == static_cast<int64_t>(sizes.batch) * (sequences_ ? sizes.time : 1) * units,
                  "the sizes don't fit together");
    const StepMask mask(call.Input(4, 2), sizes);
    float *const sums = call.Output(0, {static_cast<int64_t>(sizes.batch) * sizes.time, width}).data();

    const Scratch transposed(static_cast<size_t>(kGates) * padded * padded);
    PackTransposed(recurrent.data(), width, 0, kGates, units, transposed.data());

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states((3 + kGates) * state_size);
      memset(states.data(), 0, 2 * state_size * sizeof(float));
      float *const hidden = states.data(), *const cell = hidden + state_size;
      float *const kept = cell + state_size, *const step_sums = kept + state_size;
      for (int step = sizes.time - 1; step >= 0; --step) {
        for (int example = 0; example < count; ++example) {
          const size_t at = static_cast<size_t>(first + example) * sizes.time + step;
          const bool reads = mask.Reads(first + example, step);
          const float *const given = GivenGradient(dy, sequences_, sizes, first + example, step);
          for (int block = 0; block < blocks; ++block) {
            const int lanes = std::min(kLanes, units - block * kLanes);
            const size_t place = static_cast<size_t>(example) * padded + block * kLanes;
            Vec dh = Load(hidden + place);
            if (given != nullptr) dh += LoadSome(given + block * kLanes, lanes);
            Vec gradients[kGates] = {};
            if (reads) {
              const float *const saved = gates.data() + (at * blocks + block) * kGates * kLanes;
              const Vec input = Load(saved), forget = Load(saved + kLanes);
              const Vec candidate = Load(saved + 2 * kLanes), output = Load(saved + 3 * kLanes);
              const float *const states = cells.data() + at * padded + block * kLanes;
              const Vec old_cell = step > 0 ? Load(states - padded) : Vec{};
              const Vec squashed = Tanh(Load(states));
              const Vec dc = Load(cell + place) + dh * output * (1.0f - squashed * squashed);
              gradients[0] = dc * candidate * input * (1.0f - input);
              gradients[1] = dc * old_cell * forget * (1.0f - forget);
              gradients[2] = dc * input * (1.0f - candidate * candidate);
              gradients[3] = dh * squashed * output * (1.0f - output);
              Store(cell + place, dc * forget);
            }
            Store(kept + place, reads ? Vec{} : dh);
            for (int gate = 0; gate < kGates; ++gate) {
              Store(step_sums + kGates * place + gate * kLanes, gradients[gate]);
              StoreSome(sums + at * width + gate * units + block * kLanes, gradients[gate], lanes);
            }
          }
        }
        if (step > 0)
          MultiplyPacked(step_sums, kGates * padded, count, kGates * padded, transposed.data(), padded, kept, hidden);
      }
    });
  }

 private:
  const bool sequences_;
};

}  // namespace

void RegisterLstmOps() {
  RegisterOp<Lstm>();
  RegisterOp<LstmGradient>();
}

}  // namespace dlctl
