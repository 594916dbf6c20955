#include "program_caller.h"

#include <algorithm>

namespace dlctl {

void ProgramCaller::Run(int index) {
  index_ = index;
  instruction_ = &program_.instructions_[index];
  given_ = 0;
  Call call(*this);
  instruction_->op->compute(instruction_->instance, call);
  for (int output = 0; output < instruction_->outputs; ++output)
    Call::Require(!Wants(output) || (given_ >> output & 1), "it does not give all that is taken of it");
  packed_.clear();
  End();
}

int ProgramCaller::ValueOf(int input) const {
  Call::Require(input >= 0 && input < InputCount(), "it takes more inputs than there are");
  return instruction_->inputs[input];
}

Tensor ProgramCaller::Input(int index) {
  const Tensor tensor = program_.values_[ValueOf(index)];
  const std::vector<TF_DataType> &types = instruction_->input_types;
  Call::Require(types.empty() || (index < static_cast<int>(types.size()) && tensor.dtype() == types[index]),
                "an input is of another type than it takes");
  return tensor;
}

int ProgramCaller::Give(int output) {
  Call::Require(output >= 0 && output < instruction_->outputs, "it gives more outputs than there are");
  given_ |= uint64_t{1} << output;
  return instruction_->first_output + output;
}

Tensor ProgramCaller::Put(int value, void *memory, const Dims &dims, TF_DataType dtype) {
  return program_.values_[value] = Tensor(memory, dims, dtype);
}

Tensor ProgramCaller::Output(int index, const Dims &dims, TF_DataType dtype) {
  const int value = Give(index);
  over_.clear();
  return Put(value, Memory(value, static_cast<size_t>(dims.size()) * SizeOfType(dtype), over_), dims, dtype);
}

Tensor ProgramCaller::OutputOver(int index, std::initializer_list<int> inputs, const Dims &dims, TF_DataType dtype) {
  const int value = Give(index);
  over_.clear();
  for (const int input : inputs) over_.push_back(ValueOf(input));
  return Put(value, Memory(value, static_cast<size_t>(dims.size()) * SizeOfType(dtype), over_), dims, dtype);
}

Tensor ProgramCaller::OutputView(int index, int input, const Dims &dims) {
  const int value = Give(index), of = ValueOf(input);
  const Tensor from = program_.values_[of];
  Call::Require(dims.size() == from.size(), "a tensor can't take a shape of another size");
  View(value, of);
  return Put(value, from.data<void>(), dims, from.dtype());
}

bool ProgramCaller::Wants(int output) const {
  return output < instruction_->outputs && LastUse(instruction_->first_output + output) > index_;
}

bool ProgramCaller::KeepsPacked(std::initializer_list<int> inputs) const {
  return std::all_of(inputs.begin(), inputs.end(), [&](int input) { return program_.IsConstant(ValueOf(input)); });
}

const float *ProgramCaller::Packed(int kind, std::initializer_list<int> inputs, size_t floats,
                                   const std::function<void(float *)> &pack) {
  const bool is_constant = KeepsPacked(inputs);
  if (is_constant) {
    for (const PackedConstant &known : instruction_->packed)
      if (known.kind == kind && known.floats == floats) return known.memory->data();
  }
  auto memory = std::make_unique<Scratch>(floats);
  pack(memory->data());
  const float *const data = memory->data();
  if (is_constant) instruction_->packed.push_back({kind, floats, std::move(memory)});
  else packed_.push_back(std::move(memory));
  return data;
}

Rehearsal::Rehearsal(Program &program) : ProgramCaller(program) {
  layout_.pieces.assign(program.values_.size(), -1);
}

void Rehearsal::Extend(int piece, int value) {
  layout_.pieces[value] = piece;
  if (piece < 0) return;
  int &last = layout_.lifetimes[piece].last;
  last = std::max(last, LastUse(value));
}

void *Rehearsal::Memory(int value, size_t bytes, const std::vector<int> &over) {
  for (const int candidate : over) {
    const int piece = layout_.pieces[candidate];
    if (piece < 0 || layout_.lifetimes[piece].last > index_ || layout_.lifetimes[piece].bytes != bytes) continue;
    Extend(piece, value);
    return memory_[piece]->data();
  }
  layout_.lifetimes.push_back({bytes, index_, index_});
  memory_.push_back(std::make_unique<Scratch>((bytes + sizeof(float) - 1) / sizeof(float)));
  Extend(static_cast<int>(memory_.size()) - 1, value);
  return memory_.back()->data();
}

void Rehearsal::View(int value, int of) { Extend(layout_.pieces[of], value); }

void Rehearsal::End() {
  for (size_t piece = 0; piece < memory_.size(); ++piece)
    if (layout_.lifetimes[piece].last <= index_) memory_[piece].reset();
}

BatchLayout Rehearsal::Layout() const {
  BatchLayout layout = layout_;
  layout.plan = PlanMemory(layout.lifetimes);
  return layout;
}

void *Replay::Memory(int value, size_t bytes, const std::vector<int> &) {
  const int piece = layout_.pieces[value];
  Call::Require(piece >= 0 && layout_.lifetimes[piece].bytes == bytes, "sizes depend on more than the batch");
  return arena_ + layout_.plan.offsets[piece];
}

}  // namespace dlctl
