// A whole GRU layer (sigmoid gates, tanh) that applies the reset gate after the product with the state, in one operation, and
// the part of its gradient that goes from step to step.
#include "recurrent.h"

namespace dlctl {
namespace {

/** Update, reset, candidate: the order of the weights' columns. */
constexpr int kGates = 3;
/** What is saved of each unit: update, reset, candidate, and what the reset gate is applied to. */
constexpr int kSaved = 4;

/**
 * x `[batch, time, features]`, kernel `[features, 3 * units]`, recurrent `[units, 3 * units]`, bias `[2, 3 * units]` and a mask give
 * y `[batch, time, units]` or, of the last step, `[batch, units]`. For the gradient: `before`, the state before each step; and gates
 * in an order of their own. Steps left out by the mask keep the state.
 */
class Gru {
 public:
  static OpDefinition Definition() {
    return {"DlctlGru",
            {"sequences: bool"},
            {"x: float", "kernel: float", "recurrent: float", "bias: float", "mask: int32"},
            {"y: float", "before: float", "gates: float"}};
  }

  explicit Gru(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

  void Compute(Call &call) const {
    const Tensor x = call.Input(0, 3), kernel = call.Input(1, 2), recurrent = call.Input(2, 2), bias = call.Input(3, 2);
    const int features = static_cast<int>(x.dim(2));
    const RecurrentSizes sizes{static_cast<int>(x.dim(0)), static_cast<int>(x.dim(1)), static_cast<int>(recurrent.dim(0))};
    const int units = sizes.units, width = kGates * units, padded = sizes.padded_units(), blocks = sizes.blocks();
    Call::Require(kernel.dim(0) == features && kernel.dim(1) == width && recurrent.dim(1) == width && bias.dim(0) == 2 &&
                      bias.dim(1) == width,
                  "the weights don't fit together");
    const StepMask mask(call.Input(4, 2), sizes);
    const int64_t batch = sizes.batch, time = sizes.time;
    float *const y = (sequences_ ? call.Output(0, {batch, time, units}) : call.Output(0, {batch, units})).data();
    float *const before = call.Output(1, {batch, time, units}).data();
    float *const gates = call.Output(2, {batch, time, kSaved * padded}).data();

    const int depth = features + units;
    const float *const packed = call.Packed(0, {1, 2}, static_cast<size_t>(depth) * kGates * padded, [&](float *to) {
      PackGates(kernel.data(), features, width, kGates, units, depth, 0, to);
      PackGates(recurrent.data(), units, width, kGates, units, depth, features, to);
    });
    const float *const input_bias = call.Packed(1, {3}, 2 * kGates * padded, [&](float *to) {
      PackGates(bias.data(), 1, width, kGates, units, 1, 0, to);
      PackGates(bias.data() + width, 1, width, kGates, units, 1, 0, to + kGates * padded);
    });
    const float *const state_bias = input_bias + kGates * padded;

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states(2 * state_size);
      memset(states.data(), 0, 2 * state_size * sizeof(float));
      float *hidden = states.data(), *next = hidden + state_size;
      for (int step = 0; step < sizes.time; ++step) {
        const auto at = [&](int example) { return static_cast<size_t>(first + example) * sizes.time + step; };
        CopyStates(hidden, sizes, count, before + at(0) * units, sizes.time);
        for (int block = 0; block < blocks; ++block) {
          const float *const weights = packed + static_cast<size_t>(block) * depth * kGates * kLanes;
          const float *const of_input = input_bias + block * kGates * kLanes;
          const float *const of_state = state_bias + block * kGates * kLanes;
          ForRowTiles(count, [&](auto rows, int top) {
            constexpr int kRows = decltype(rows)::value;
            const float *inputs[kRows], *hiddens[kRows];
            Vec sums[kRows][kSaved];
            for (int m = 0; m < kRows; ++m) {
              inputs[m] = x.data() + at(top + m) * features;
              hiddens[m] = hidden + static_cast<size_t>(top + m) * padded;
              sums[m][0] = Load(of_input) + Load(of_state);
              sums[m][1] = Load(of_input + kLanes) + Load(of_state + kLanes);
              sums[m][2] = Load(of_input + 2 * kLanes);
              sums[m][3] = Load(of_state + 2 * kLanes);
            }
            Accumulate<kGates, 2>(sums, inputs, weights, features);
            Accumulate<kGates, 3>(sums, hiddens, weights + static_cast<size_t>(features) * kGates * kLanes, units);
            for (int m = 0; m < kRows; ++m) {
              const size_t place = static_cast<size_t>(top + m) * padded + block * kLanes;
              const Vec old = Load(hidden + place), from_state = sums[m][3];
              const Vec update = Sigmoid(sums[m][0]), reset = Sigmoid(sums[m][1]);
              const Vec candidate = Tanh(sums[m][2] + reset * from_state);
              float *const saved = gates + (at(top + m) * blocks + block) * kSaved * kLanes;
              Store(saved, update);
              Store(saved + kLanes, reset);
              Store(saved + 2 * kLanes, candidate);
              Store(saved + 3 * kLanes, from_state);
              const bool reads = mask.Reads(first + top + m, step);
              Store(next + place, reads ? update * old + (1.0f - update) * candidate : old);
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
 * From y's gradient and what the layer saved, the gradients of what is summed up before the activations, `[batch * time, 3 * units]`
 * both: of the inputs' part and of the state's part, which differ in the candidate. Those of the inputs and weights are
 * products of them, for all steps at once.
 */
class GruGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlGruGradient",
            {"sequences: bool"},
            {"dy: float", "recurrent: float", "before: float", "gates: float", "mask: int32"},
            {"input_sums: float", "state_sums: float"}};
  }

  explicit GruGradient(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

  void Compute(Call &call) const {
    const Tensor dy = call.Input(0, sequences_ ? 3 : 2), recurrent = call.Input(1, 2);
    const Tensor before = call.Input(2, 3), gates = call.Input(3, 3);
    const RecurrentSizes sizes{static_cast<int>(before.dim(0)), static_cast<int>(before.dim(1)),
                               static_cast<int>(recurrent.dim(0))};
    const int units = sizes.units, width = kGates * units, padded = sizes.padded_units(), blocks = sizes.blocks();
    Call::Require(recurrent.dim(1) == width && before.dim(2) == units && gates.dim(2) == kSaved * padded &&
                      dy.size() == static_cast<int64_t>(sizes.batch) * (sequences_ ? sizes.time : 1) * units,
                  "the sizes don't fit together");
    const StepMask mask(call.Input(4, 2), sizes);
    const int64_t rows = static_cast<int64_t>(sizes.batch) * sizes.time;
    float *const input_sums = call.Output(0, {rows, width}).data();
    float *const state_sums = call.Output(1, {rows, width}).data();

    const Scratch transposed(static_cast<size_t>(kGates) * padded * padded);
    PackTransposed(recurrent.data(), width, 0, kGates, units, transposed.data());

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states((2 + kGates) * state_size);
      memset(states.data(), 0, state_size * sizeof(float));
      float *const hidden = states.data(), *const kept = hidden + state_size, *const step_sums = kept + state_size;
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
            Vec gradients[kGates] = {}, of_candidate{}, through = dh;
            if (reads) {
              const float *const saved = gates.data() + (at * blocks + block) * kSaved * kLanes;
              const Vec update = Load(saved), reset = Load(saved + kLanes);
              const Vec candidate = Load(saved + 2 * kLanes), from_state = Load(saved + 3 * kLanes);
              const Vec old = LoadSome(before.data() + at * units + block * kLanes, lanes);
              of_candidate = dh * (1.0f - update) * (1.0f - candidate * candidate);
              gradients[0] = dh * (old - candidate) * update * (1.0f - update);
              gradients[1] = of_candidate * from_state * reset * (1.0f - reset);
              gradients[2] = of_candidate * reset;
              through = dh * update;
            }
            Store(kept + place, through);
            float *const to_input = input_sums + at * width + block * kLanes;
            float *const to_state = state_sums + at * width + block * kLanes;
            for (int gate = 0; gate < kGates; ++gate) {
              Store(step_sums + kGates * place + gate * kLanes, gradients[gate]);
              StoreSome(to_input + gate * units, gate == 2 ? of_candidate : gradients[gate], lanes);
              StoreSome(to_state + gate * units, gradients[gate], lanes);
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

void RegisterGruOps() {
  RegisterOp<Gru>();
  RegisterOp<GruGradient>();
}

}  // namespace dlctl
