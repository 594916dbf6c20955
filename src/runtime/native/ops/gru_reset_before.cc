// A whole GRU layer (sigmoid gates, tanh) that applies the reset gate to the state, before the product with it, in one operation,
// and the part of its gradient that goes from step to step.
#include "recurrent.h"

namespace dlctl {
namespace {

/** Update, reset, candidate: the order of the weights' columns, and of what is saved of each unit. */
constexpr int kGates = 3;

/**
 * As DlctlGru (gru.cc), with one bias `[3 * units]`. `passed` is what the reset gate lets through of the state before each
 * step, `[batch, time, units]`.
 */
class GruResetBefore {
 public:
  static OpDefinition Definition() {
    return {"DlctlGruResetBefore",
            {"sequences: bool"},
            {"x: float", "kernel: float", "recurrent: float", "bias: float", "mask: int32"},
            {"y: float", "before: float", "passed: float", "gates: float"}};
  }

  explicit GruResetBefore(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

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
    float *const passed = call.Output(2, {batch, time, units}).data();
    float *const gates = call.Output(3, {batch, time, kGates * padded}).data();

    const float *const packed_kernel =
        call.Packed(0, {1}, static_cast<size_t>(features) * kGates * padded,
                    [&](float *to) { PackGates(kernel.data(), features, width, kGates, units, features, 0, to); });
    const float *const packed_gates =
        call.Packed(1, {2}, static_cast<size_t>(units) * 2 * padded,
                    [&](float *to) { PackGates(recurrent.data(), units, width, 2, units, units, 0, to); });
    const float *const packed_candidate =
        call.Packed(2, {2}, static_cast<size_t>(units) * padded,
                    [&](float *to) { PackColumns(recurrent.data(), units, width, 2 * units, units, to); });
    const float *const packed_bias = call.Packed(
        3, {3}, kGates * padded, [&](float *to) { PackGates(bias.data(), 1, width, kGates, units, 1, 0, to); });

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states(3 * state_size);
      memset(states.data(), 0, state_size * sizeof(float));
      float *const hidden = states.data(), *const reset_hidden = hidden + state_size;
      float *const candidates = reset_hidden + state_size;
      for (int step = 0; step < sizes.time; ++step) {
        const auto at = [&](int example) { return static_cast<size_t>(first + example) * sizes.time + step; };
        CopyStates(hidden, sizes, count, before + at(0) * units, sizes.time);
        for (int block = 0; block < blocks; ++block) {
          const float *const of_input = packed_kernel + static_cast<size_t>(block) * features * kGates * kLanes;
          const float *const of_state = packed_gates + static_cast<size_t>(block) * units * 2 * kLanes;
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
            Accumulate<kGates>(sums, inputs, of_input, features);
            Accumulate<2>(sums, hiddens, of_state, units);
            for (int m = 0; m < kRows; ++m) {
              const size_t place = static_cast<size_t>(top + m) * padded + block * kLanes;
              const Vec reset = Sigmoid(sums[m][1]);
              float *const saved = gates + (at(top + m) * blocks + block) * kGates * kLanes;
              Store(saved, Sigmoid(sums[m][0]));
              Store(saved + kLanes, reset);
              Store(reset_hidden + place, reset * Load(hidden + place));
              Store(candidates + place, sums[m][2]);
            }
          });
        }
        CopyStates(reset_hidden, sizes, count, passed + at(0) * units, sizes.time);
        MultiplyPacked(reset_hidden, padded, count, units, packed_candidate, padded, candidates, candidates);
        for (int example = 0; example < count; ++example) {
          const bool reads = mask.Reads(first + example, step);
          for (int block = 0; block < blocks; ++block) {
            const size_t place = static_cast<size_t>(example) * padded + block * kLanes;
            float *const saved = gates + (at(example) * blocks + block) * kGates * kLanes;
            const Vec update = Load(saved), candidate = Tanh(Load(candidates + place)), old = Load(hidden + place);
            Store(saved + 2 * kLanes, candidate);
            if (reads) Store(hidden + place, update * old + (1.0f - update) * candidate);
          }
        }
        if (sequences_) CopyStates(hidden, sizes, count, y + at(0) * units, sizes.time);
      }
      if (!sequences_) CopyStates(hidden, sizes, count, y + static_cast<size_t>(first) * units, 1);
    });
  }

 private:
  const bool sequences_;
};

/**
 * From y's gradient and what the layer saved, the gradient of the gates' sums before their activation, `[batch * time, 3 * units]`.
 * Those of the inputs and weights are products of it, for all steps at once.
 */
class GruResetBeforeGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlGruResetBeforeGradient",
            {"sequences: bool"},
            {"dy: float", "recurrent: float", "before: float", "gates: float", "mask: int32"},
            {"sums: float"}};
  }

  explicit GruResetBeforeGradient(const Attributes &attributes) : sequences_(attributes.Bool("sequences")) {}

  void Compute(Call &call) const {
    const Tensor dy = call.Input(0, sequences_ ? 3 : 2), recurrent = call.Input(1, 2);
    const Tensor before = call.Input(2, 3), gates = call.Input(3, 3);
    const RecurrentSizes sizes{static_cast<int>(before.dim(0)), static_cast<int>(before.dim(1)),
                               static_cast<int>(recurrent.dim(0))};
    const int units = sizes.units, width = kGates * units, padded = sizes.padded_units(), blocks = sizes.blocks();
    Call::Require(recurrent.dim(1) == width && before.dim(2) == units && gates.dim(2) == kGates * padded &&
                      dy.size() == static_cast<int64_t>(sizes.batch) * (sequences_ ? sizes.time : 1) * units,
                  "the sizes don't fit together");
    const StepMask mask(call.Input(4, 2), sizes);
    float *const sums = call.Output(0, {static_cast<int64_t>(sizes.batch) * sizes.time, width}).data();

    const Scratch gate_weights(static_cast<size_t>(2) * padded * padded), candidate_weights(static_cast<size_t>(padded) * padded);
    PackTransposed(recurrent.data(), width, 0, 2, units, gate_weights.data());
    PackTransposed(recurrent.data(), width, 2, 1, units, candidate_weights.data());

    ForExamples(sizes, [&](int first, int count) {
      const size_t state_size = static_cast<size_t>(count) * padded;
      const Scratch states(7 * state_size);
      memset(states.data(), 0, 2 * state_size * sizeof(float));
      float *const hidden = states.data(), *const zeros = hidden + state_size, *const kept = zeros + state_size;
      float *const candidate_sums = kept + state_size, *const passed = candidate_sums + state_size;
      float *const gate_sums = passed + state_size;
      for (int step = sizes.time - 1; step >= 0; --step) {
        // Calls `body` for each vector of units: with its place among the states, its number of units, whether the example reads
        // this step, the saved gates, the state before, and where its sums go.
        const auto for_units = [&](const auto &body) {
          for (int example = 0; example < count; ++example) {
            const size_t at = static_cast<size_t>(first + example) * sizes.time + step;
            const bool reads = mask.Reads(first + example, step);
            const float *const given = GivenGradient(dy, sequences_, sizes, first + example, step);
            for (int block = 0; block < blocks; ++block) {
              const int lanes = std::min(kLanes, units - block * kLanes);
              body(static_cast<size_t>(example) * padded + block * kLanes, lanes, reads,
                   gates.data() + (at * blocks + block) * kGates * kLanes,
                   LoadSome(before.data() + at * units + block * kLanes, lanes),
                   given == nullptr ? Vec{} : LoadSome(given + block * kLanes, lanes), sums + at * width + block * kLanes);
            }
          }
        };
        for_units([&](size_t place, int lanes, bool reads, const float *saved, Vec old, Vec given, float *to) {
          const Vec dh = Load(hidden + place) + given;
          const Vec update = Load(saved), candidate = Load(saved + 2 * kLanes);
          const Vec of_update = reads ? dh * (old - candidate) * update * (1.0f - update) : Vec{};
          const Vec of_candidate = reads ? dh * (1.0f - update) * (1.0f - candidate * candidate) : Vec{};
          Store(gate_sums + 2 * place, of_update);
          Store(candidate_sums + place, of_candidate);
          Store(kept + place, reads ? dh * update : dh);
          StoreSome(to, of_update, lanes);
          StoreSome(to + 2 * units, of_candidate, lanes);
        });
        MultiplyPacked(candidate_sums, padded, count, padded, candidate_weights.data(), padded, zeros, passed);
        for_units([&](size_t place, int lanes, bool reads, const float *saved, Vec old, Vec, float *to) {
          const Vec reset = Load(saved + kLanes), of_passed = Load(passed + place);
          const Vec of_reset = reads ? of_passed * old * reset * (1.0f - reset) : Vec{};
          Store(gate_sums + 2 * place + kLanes, of_reset);
          StoreSome(to + units, of_reset, lanes);
          if (reads) Store(kept + place, Load(kept + place) + of_passed * reset);
        });
        if (step > 0) MultiplyPacked(gate_sums, 2 * padded, count, 2 * padded, gate_weights.data(), padded, kept, hidden);
      }
    });
  }

 private:
  const bool sequences_;
};

}  // namespace

void RegisterGruResetBeforeOps() {
  RegisterOp<GruResetBefore>();
  RegisterOp<GruResetBeforeGradient>();
}

}  // namespace dlctl
