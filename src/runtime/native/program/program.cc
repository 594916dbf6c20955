#include "program.h"

#include <algorithm>
#include <chrono>
#include <climits>

#include "../ops/flush_denormals.h"
#include "../ops/thread_pool.h"
#include "program_attributes.h"
#include "program_caller.h"
#include "program_reader.h"

namespace dlctl {
namespace {

constexpr char kMagic[] = "DLCTLPRG";
/** Of the file's format, and of what its operations mean: a program of another version is compiled anew. */
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderSize = 48;
/** More are forgotten: mostly there are two, that of full batches and that of the last one. */
constexpr size_t kMostLayouts = 8;

const RegisteredOp &OpOf(const std::string &name) {
  for (const RegisteredOp &op : RegisteredOps())
    if (name == op.definition.name && !op.definition.is_stateful) return op;
  throw std::invalid_argument("there is no operation " + name);
}

/** Of inputs such as "x: float". */
std::vector<TF_DataType> InputTypesOf(const OpDefinition &definition) {
  std::vector<TF_DataType> types;
  for (const std::string input : definition.inputs) {
    const std::string type = input.substr(input.rfind(' ') + 1);
    Call::Require(type == "float" || type == "int32" || type == "uint8", "an operation takes what programs don't have");
    types.push_back(type == "float" ? TF_FLOAT : type == "int32" ? TF_INT32 : TF_UINT8);
  }
  return types;
}

}  // namespace

uint64_t ProgramChecksum(const uint8_t *bytes, size_t size) {
  // Four sums at a time, so that a processor need not wait for its multiplications.
  constexpr uint64_t kFactor = 0x9e3779b97f4a7c15;
  uint64_t sums[4] = {1, 2, 3, 4};
  const auto mix = [&](uint64_t &sum, uint64_t word) {
    sum = (sum ^ word) * kFactor;
    sum ^= sum >> 29;
  };
  size_t at = 0;
  for (; at + 32 <= size; at += 32) {
    for (int lane = 0; lane < 4; ++lane) {
      uint64_t word;
      memcpy(&word, bytes + at + 8 * lane, 8);
      mix(sums[lane], word);
    }
  }
  for (; at < size; ++at) mix(sums[at % 4], bytes[at]);
  uint64_t result = size;
  for (const uint64_t sum : sums) mix(result, sum);
  return result;
}

Program::Program(const uint8_t *bytes, size_t size) {
  try {
    Read(bytes, size);
  } catch (...) {
    for (const Instruction &instruction : instructions_)
      if (instruction.instance != nullptr) instruction.op->destroy(instruction.instance);
    throw;
  }
}

Program::~Program() {
  for (const Instruction &instruction : instructions_) instruction.op->destroy(instruction.instance);
}

bool Program::IsConstant(int value) const {
  return value >= static_cast<int>(inputs_.size()) && value < static_cast<int>(inputs_.size()) + constants_;
}

void Program::Read(const uint8_t *bytes, size_t size) {
  Call::Require(size >= kHeaderSize && memcmp(bytes, kMagic, 8) == 0, "it is no program");
  ProgramReader header(bytes + 8, kHeaderSize - 8);
  Call::Require(header.Unsigned() == kVersion, "it is a program of another version");
  header.Unsigned();
  const uint64_t checksum = header.Long(), constants_at = header.Long(), whole = header.Long();
  Call::Require(whole == size && constants_at >= kHeaderSize && constants_at <= size, "it is not whole");
  Call::Require(checksum == ProgramChecksum(bytes + kCheckedFrom, size - kCheckedFrom), "it is damaged");

  ProgramReader reader(bytes + kHeaderSize, constants_at - kHeaderSize);
  for (uint32_t left = reader.Count(12); left > 0; --left) {
    ProgramPort port;
    port.name = reader.Text();
    port.dtype = reader.Type();
    port.dims = reader.Sizes();
    Call::Require(port.dims.rank() < Dims::kMost, "an input has too many axes");
    inputs_.push_back(port);
    values_.push_back(Tensor());
  }
  constants_ = static_cast<int>(reader.Count(16));
  for (int constant = 0; constant < constants_; ++constant) {
    const TF_DataType dtype = reader.Type();
    const Dims dims = reader.Sizes();
    const uint64_t offset = reader.Long();
    const uint64_t space = size - constants_at, length = static_cast<uint64_t>(dims.size()) * SizeOfType(dtype);
    Call::Require(offset <= space && length <= space - offset && (constants_at + offset) % 8 == 0,
                  "a constant lies outside");
    values_.push_back(Tensor(const_cast<uint8_t *>(bytes) + constants_at + offset, dims, dtype));
  }
  for (uint32_t left = reader.Count(16); left > 0; --left) {
    const std::string name = reader.Text();
    const RegisteredOp &op = OpOf(name);
    const ProgramAttributes attributes(reader, op.definition);
    instructions_.emplace_back();
    Instruction &instruction = instructions_.back();
    instruction.op = &op;
    instruction.input_types = InputTypesOf(op.definition);
    for (uint32_t count = reader.Count(4); count > 0; --count) {
      const uint32_t value = reader.Unsigned();
      Call::Require(value < values_.size(), name + " takes a value before it is there");
      instruction.inputs.push_back(static_cast<int>(value));
    }
    const uint32_t outputs = reader.Unsigned();
    Call::Require(outputs <= 64, name + " gives too much");
    instruction.first_output = static_cast<int>(values_.size());
    instruction.outputs = static_cast<int>(outputs);
    values_.resize(values_.size() + outputs);
    instruction.instance = op.create(Attributes(attributes));
  }
  last_use_.assign(values_.size(), -1);
  for (size_t index = 0; index < instructions_.size(); ++index)
    for (const int value : instructions_[index].inputs) last_use_[value] = static_cast<int>(index);
  for (uint32_t left = reader.Count(8); left > 0; --left) {
    ProgramPort port;
    port.name = reader.Text();
    const uint32_t value = reader.Unsigned();
    Call::Require(value < values_.size(), "a result is no value");
    result_values_.push_back(static_cast<int>(value));
    last_use_[value] = INT_MAX;
    results_.push_back(port);
  }
}

void Program::Execute(ProgramCaller &caller) {
  const FlushDenormals flush;
  for (size_t index = 0; index < instructions_.size(); ++index) {
    try {
      caller.Run(static_cast<int>(index));
    } catch (const std::invalid_argument &error) {
      throw std::invalid_argument(std::string(instructions_[index].op->definition.name) + ": " + error.what());
    }
  }
}

const std::vector<Tensor> &Program::Run(const std::vector<void *> &data, int64_t batch) {
  for (size_t input = 0; input < inputs_.size(); ++input) {
    const Dims &example = inputs_[input].dims;
    int64_t sizes[Dims::kMost] = {batch};
    std::copy_n(example.data(), example.rank(), sizes + 1);
    values_[input] = Tensor(data[input], Dims(sizes, example.rank() + 1), inputs_[input].dtype);
  }
  batch_ = batch;
  rehearsal_.reset();
  const auto known = layouts_.find(batch);
  if (known == layouts_.end()) {
    rehearsal_ = std::make_unique<Rehearsal>(*this);
    Execute(*rehearsal_);
    if (layouts_.size() >= kMostLayouts) layouts_.clear();
    layouts_[batch] = rehearsal_->Layout();
  } else {
    const size_t bytes = known->second.plan.bytes;
    if (!arena_ || bytes > arena_bytes_) {
      arena_.reset();
      arena_ = std::make_unique<Scratch>(bytes / sizeof(float));
      arena_bytes_ = bytes;
    }
    BatchLayout &layout = known->second;
    Replay replay(*this, layout, arena_->data());
    const bool is_alone = layout.threads.IsAlone();
    const AloneScope scope(is_alone);
    const auto start = std::chrono::steady_clock::now();
    Execute(replay);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    layout.threads.Took(is_alone, time.count());
  }
  run_results_.clear();
  for (const int value : result_values_) run_results_.push_back(values_[value]);
  return run_results_;
}

}  // namespace dlctl
