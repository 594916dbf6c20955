// How a program's instructions get at their values.
#pragma once

#include "program.h"

namespace dlctl {

/** Calls the operation of one instruction after the other. */
class ProgramCaller : public Caller {
 public:
  explicit ProgramCaller(Program &program) : program_(program) {}
  virtual ~ProgramCaller() = default;

  void Run(int index);

  Tensor Input(int index) override;
  int InputCount() const override { return static_cast<int>(instruction_->inputs.size()); }
  Tensor Output(int index, const Dims &dims, TF_DataType dtype) override;
  Tensor OutputOver(int index, std::initializer_list<int> inputs, const Dims &dims, TF_DataType dtype) override;
  Tensor OutputView(int index, int input, const Dims &dims) override;
  bool Wants(int output) const override;
  const float *Packed(int kind, std::initializer_list<int> inputs, size_t floats,
                      const std::function<void(float *)> &pack) override;
  bool KeepsPacked(std::initializer_list<int> inputs) const override;
  int64_t batch() const override { return program_.batch_; }

 protected:
  /** Memory for a value that the present instruction gives; that of one of the `over` values where it can be. */
  virtual void *Memory(int value, size_t bytes, const std::vector<int> &over) = 0;
  /** A value that is another one's memory. */
  virtual void View(int value, int of) = 0;
  virtual void End() {}

  int ValueOf(int input) const;
  int LastUse(int value) const { return program_.last_use_[value]; }

  Program &program_;
  int index_ = 0;

 private:
  int Give(int output);
  Tensor Put(int value, void *memory, const Dims &dims, TF_DataType dtype);

  Instruction *instruction_ = nullptr;
  uint64_t given_ = 0;
  std::vector<int> over_;
  std::vector<std::unique_ptr<Scratch>> packed_;
};

/** The first run with a size of batch: every value has memory of its own, as large as its operation asks for. What is learnt is the layout. */
class Rehearsal final : public ProgramCaller {
 public:
  explicit Rehearsal(Program &program);
  /** What later runs with as many examples need. */
  BatchLayout Layout() const;

 protected:
  void *Memory(int value, size_t bytes, const std::vector<int> &over) override;
  void View(int value, int of) override;
  void End() override;

 private:
  void Extend(int piece, int value);

  BatchLayout layout_;
  /** Of each piece; null once nobody needs it any more. */
  std::vector<std::unique_ptr<Scratch>> memory_;
};

/** A run that is laid out already. */
class Replay final : public ProgramCaller {
 public:
  Replay(Program &program, const BatchLayout &layout, void *arena)
      : ProgramCaller(program), layout_(layout), arena_(static_cast<uint8_t *>(arena)) {}

 protected:
  void *Memory(int value, size_t bytes, const std::vector<int> &over) override;
  void View(int, int) override {}

 private:
  const BatchLayout &layout_;
  uint8_t *const arena_;
};

}  // namespace dlctl
