// A model's forward pass as a list of instructions: operations of ours (../ops and those of this folder) with their attributes,
// constants, and where the results come from. It runs without TensorFlow, in the thread that calls it and, for large tensors, the
// pool's. src/engine/program/encode-program.ts writes what is read here.
#pragma once

#include <map>
#include <memory>

#include "../ops/op.h"
#include "memory_plan.h"
#include "threads_choice.h"

namespace dlctl {

/** An input or a result. */
struct ProgramPort {
  std::string name;
  TF_DataType dtype = TF_FLOAT;
  /** Of an input: without the batch's axis. */
  Dims dims;
};

/** Weights and the like as an instruction's operation packed them. */
struct PackedConstant {
  int kind;
  size_t floats;
  std::unique_ptr<Scratch> memory;
};

struct Instruction {
  const RegisteredOp *op = nullptr;
  void *instance = nullptr;
  /** The values it takes, and the first of those it gives. */
  std::vector<int> inputs;
  /** Of the inputs, as the operation's definition states them; empty for operations that look at types themselves. */
  std::vector<TF_DataType> input_types;
  int first_output = 0, outputs = 0;
  std::vector<PackedConstant> packed;
};

/** How the values of a run with one size of batch are laid out. */
struct BatchLayout {
  /** Of each value, its place in the plan; -1 where it lies elsewhere: inputs, constants, and what is only a view of these. */
  std::vector<int> pieces;
  std::vector<Lifetime> lifetimes;
  MemoryPlan plan;
  ThreadsChoice threads;
};

class Program {
 public:
  /**
   * `bytes` must outlive it: constants are read where they are. Throws std::invalid_argument for whatever is not a program of
   * this version. What constants hold is not trusted: operations check their inputs when they run.
   */
  Program(const uint8_t *bytes, size_t size);
  ~Program();
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;

  const std::vector<ProgramPort> &inputs() const { return inputs_; }
  const std::vector<ProgramPort> &results() const { return results_; }

  /**
   * Runs it with `batch` examples; `data` of each input must hold that many. The results are valid until the next run. Throws
   * std::invalid_argument where an operation refuses, and can then be run again.
   */
  const std::vector<Tensor> &Run(const std::vector<void *> &data, int64_t batch);

 private:
  friend class ProgramCaller;
  friend class Rehearsal;
  friend class Replay;

  void Read(const uint8_t *bytes, size_t size);
  void Execute(class ProgramCaller &caller);
  bool IsConstant(int value) const;

  std::vector<ProgramPort> inputs_, results_;
  std::vector<int> result_values_;
  std::vector<Instruction> instructions_;
  int constants_ = 0;
  /** First the inputs, then the constants, then what instructions give, in their order. */
  std::vector<Tensor> values_;
  /** Of each value, the last instruction that takes it; a number behind all of them for results, -1 where nothing does. */
  std::vector<int> last_use_;
  int64_t batch_ = 0;
  std::map<int64_t, BatchLayout> layouts_;
  /** The first run with a size of batch, whose memory holds the results. */
  std::unique_ptr<class Rehearsal> rehearsal_;
  std::unique_ptr<Scratch> arena_;
  size_t arena_bytes_ = 0;
  std::vector<Tensor> run_results_;
};

/** Of what follows a program's header. */
uint64_t ProgramChecksum(const uint8_t *bytes, size_t size);

/** Where in a file the checksum stands, and where what it covers begins. */
constexpr size_t kChecksumPlace = 16, kCheckedFrom = 24;

}  // namespace dlctl
