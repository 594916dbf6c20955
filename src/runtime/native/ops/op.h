// How an operation of ours is written. It is a class with
//   static OpDefinition Definition();       its name, attributes, inputs and outputs, as TensorFlow writes them
//   explicit Op(const Attributes &);        reads its attributes
//   void Compute(Call &call) const;         reads inputs and writes outputs; may be called on several threads at once
// and RegisterOp<Op>() in the function of its file that register.cc lists. Compute says that it can't by throwing
// std::invalid_argument. It does not know who calls it: TensorFlow (tensorflow.cc) or a program of ours (../program), in whose
// process there may be no TensorFlow. Only on the CPU: on a GPU dlctl takes TensorFlow's own operations.
#pragma once

#include <stdint.h>
#include <stdlib.h>

#include <functional>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

// Numbers of types alone: nothing of it is linked.
#include "tensorflow/c/tf_datatype.h"

struct TF_OpKernelConstruction;
struct TF_OpKernelContext;

namespace dlctl {

struct OpDefinition {
  const char *name;
  /** Such as "reverse: bool". */
  std::vector<const char *> attributes;
  /** Such as "x: float". */
  std::vector<const char *> inputs;
  std::vector<const char *> outputs;
  /**
   * It does something beside its outputs: TensorFlow must neither leave it out nor join two of them, and programs don't
   * have it.
   */
  bool is_stateful = false;
};

/** Where attributes come from. Each throws std::invalid_argument where there is none of that name and kind. */
class AttributeSource {
 public:
  virtual int64_t Int(const char *name) const = 0;
  virtual float Float(const char *name) const = 0;
  virtual bool Bool(const char *name) const = 0;
  virtual std::vector<int64_t> Ints(const char *name) const = 0;
  virtual std::string Text(const char *name) const = 0;

 protected:
  ~AttributeSource() = default;
};

class Attributes {
 public:
  explicit Attributes(const AttributeSource &source) : source_(source) {}
  int64_t Int(const char *name) const { return source_.Int(name); }
  float Float(const char *name) const { return source_.Float(name); }
  bool Bool(const char *name) const { return source_.Bool(name); }
  /** In programs only, as is Text. */
  std::vector<int64_t> Ints(const char *name) const { return source_.Ints(name); }
  std::string Text(const char *name) const { return source_.Text(name); }

 private:
  const AttributeSource &source_;
};

/** Sizes of a tensor's axes. */
class Dims {
 public:
  static constexpr int kMost = 8;

  Dims() = default;
  Dims(std::initializer_list<int64_t> sizes) : Dims(sizes.begin(), static_cast<int>(sizes.size())) {}
  Dims(const std::vector<int64_t> &sizes) : Dims(sizes.data(), static_cast<int>(sizes.size())) {}
  /** Throws std::invalid_argument where there are too many axes, a negative size, or more numbers than can be counted. */
  Dims(const int64_t *sizes, int rank) : rank_(rank) {
    if (rank < 0 || rank > kMost) throw std::invalid_argument("a tensor has more than 8 axes");
    for (int axis = 0; axis < rank; ++axis) sizes_[axis] = sizes[axis];
    // The product of what is not 0, too, with room to spare: offsets are made of it.
    int64_t product = 1 << 16;
    for (int axis = 0; axis < rank; ++axis) {
      if (sizes[axis] < 0) throw std::invalid_argument("a tensor has a negative size");
      if (sizes[axis] != 0 && __builtin_mul_overflow(product, sizes[axis], &product))
        throw std::invalid_argument("a tensor is larger than memory can be");
    }
  }

  int rank() const { return rank_; }
  int64_t operator[](int axis) const { return sizes_[axis]; }
  void Set(int axis, int64_t size) { sizes_[axis] = size; }
  const int64_t *data() const { return sizes_; }
  /** How many numbers: the product of all sizes. */
  int64_t size() const {
    int64_t product = 1;
    for (int axis = 0; axis < rank_; ++axis) product *= sizes_[axis];
    return product;
  }
  bool operator==(const Dims &other) const {
    if (rank_ != other.rank_) return false;
    for (int axis = 0; axis < rank_; ++axis)
      if (sizes_[axis] != other.sizes_[axis]) return false;
    return true;
  }
  bool operator!=(const Dims &other) const { return !(*this == other); }

 private:
  int rank_ = 0;
  int64_t sizes_[kMost] = {};
};

/** Bytes of a number of this type; 0 for types that no operation of ours knows. */
inline size_t SizeOfType(TF_DataType dtype) {
  switch (dtype) {
    case TF_FLOAT:
    case TF_INT32:
      return 4;
    case TF_UINT8:
    case TF_BOOL:
      return 1;
    case TF_INT64:
      return 8;
    default:
      return 0;
  }
}

/** A tensor of the call, which owns the memory. Inputs need not be aligned to more than their elements. */
class Tensor {
 public:
  Tensor() = default;
  Tensor(void *data, const Dims &dims, TF_DataType dtype) : data_(data), dims_(dims), dtype_(dtype), size_(dims.size()) {}
  int rank() const { return dims_.rank(); }
  int64_t dim(int axis) const { return dims_[axis]; }
  const Dims &dims() const { return dims_; }
  int64_t size() const { return size_; }
  TF_DataType dtype() const { return dtype_; }
  template <class Element = float>
  Element *data() const {
    return static_cast<Element *>(data_);
  }

 private:
  void *data_ = nullptr;
  Dims dims_;
  TF_DataType dtype_ = TF_FLOAT;
  int64_t size_ = 0;
};

/** Who calls an operation: gives it its inputs and the memory for its outputs. */
class Caller {
 public:
  virtual Tensor Input(int index) = 0;
  virtual int InputCount() const = 0;
  virtual Tensor Output(int index, const Dims &dims, TF_DataType dtype) = 0;
  virtual Tensor OutputOver(int index, std::initializer_list<int> inputs, const Dims &dims, TF_DataType dtype) = 0;
  virtual Tensor OutputView(int index, int input, const Dims &dims) = 0;
  virtual bool Wants(int output) const = 0;
  virtual int64_t batch() const = 0;
  virtual const float *Packed(int kind, std::initializer_list<int> inputs, size_t floats,
                              const std::function<void(float *)> &pack) = 0;
  virtual bool KeepsPacked(std::initializer_list<int> inputs) const = 0;

 protected:
  ~Caller() = default;
};

/** One run of an operation. */
class Call {
 public:
  explicit Call(Caller &caller) : caller_(caller) {}
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  /** Of any number of axes. The tensors of a list have an index each. */
  Tensor Input(int index) { return caller_.Input(index); }

  /** Throws where it has another number of axes. */
  Tensor Input(int index, int rank) {
    const Tensor tensor = Input(index);
    Require(tensor.rank() == rank, "input " + std::to_string(index) + " has another rank than expected");
    return tensor;
  }

  int InputCount() const { return caller_.InputCount(); }

  /** Not cleared. */
  Tensor Output(int index, const Dims &dims, TF_DataType dtype = TF_FLOAT) { return caller_.Output(index, dims, dtype); }

  /** An output that takes over the memory of one of these inputs where nobody else needs that; else a new one. Not cleared. */
  Tensor OutputOver(int index, std::initializer_list<int> inputs, const Dims &dims, TF_DataType dtype = TF_FLOAT) {
    return caller_.OutputOver(index, inputs, dims, dtype);
  }

  /** In programs only: an output that is the input's memory with other axes, and as many numbers. */
  Tensor OutputView(int index, int input, const Dims &dims) { return caller_.OutputView(index, input, dims); }

  /** In programs only: the number of examples of this run. */
  int64_t batch() const { return caller_.batch(); }

  /** False where nobody takes the output: it need not be written then (but must be asked for). */
  bool Wants(int output) const { return caller_.Wants(output); }

  /**
   * `floats` numbers that `pack` writes, made of these inputs alone (and of sizes that `floats` and `kind` tell apart): such as weights
   * in the order in which the innermost loops read them. A program whose inputs are constants packs once and keeps them.
   * Aligned for vectors, not cleared before, valid until the end of the call. `kind` tells several of one operation apart.
   */
  const float *Packed(int kind, std::initializer_list<int> inputs, size_t floats,
                      const std::function<void(float *)> &pack) {
    return caller_.Packed(kind, inputs, floats, pack);
  }
  /** Whether that is kept for later calls. */
  bool KeepsPacked(std::initializer_list<int> inputs) const { return caller_.KeepsPacked(inputs); }

  static void Require(bool condition, const std::string &what) {
    if (!condition) throw std::invalid_argument(what);
  }
  static void Require(bool condition, const char *what) {
    if (!condition) throw std::invalid_argument(what);
  }

 private:
  Caller &caller_;
};

/** Memory for the time of a call, aligned for vectors. Not cleared. */
class Scratch {
 public:
  explicit Scratch(size_t floats) {
    void *memory = nullptr;
    if (posix_memalign(&memory, 64, (floats + 16) * sizeof(float)) != 0) throw std::bad_alloc();
    data_ = static_cast<float *>(memory);
  }
  ~Scratch() { free(data_); }
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;
  float *data() const { return data_; }

 private:
  float *data_;
};

/** An operation as those see it who call it. */
struct RegisteredOp {
  OpDefinition definition;
  void *(*create)(const Attributes &attributes);
  void (*compute)(const void *op, Call &call);
  void (*destroy)(void *op);
  /** TensorFlow hands over no data of ours, so each operation has functions of its own. Null: not for TensorFlow. */
  void *(*create_for_tensorflow)(TF_OpKernelConstruction *construction);
  void (*compute_for_tensorflow)(void *op, TF_OpKernelContext *context);
};

/** All operations of this library, in the order in which they were registered. */
std::vector<RegisteredOp> &RegisteredOps();

/** tensorflow.cc; they report what is thrown to TensorFlow. */
void *CreateForTensorflow(void *(*create)(const Attributes &), TF_OpKernelConstruction *construction);
void ComputeForTensorflow(const char *name, void (*compute)(const void *, Call &), const void *op,
                          TF_OpKernelContext *context);

template <class Op>
struct OpFunctions {
  static void *Create(const Attributes &attributes) { return new Op(attributes); }
  static void Compute(const void *op, Call &call) { static_cast<const Op *>(op)->Compute(call); }
  static void Destroy(void *op) { delete static_cast<Op *>(op); }
  static void *CreateInTensorflow(TF_OpKernelConstruction *construction) {
    return CreateForTensorflow(&Create, construction);
  }
  static void ComputeInTensorflow(void *op, TF_OpKernelContext *context) {
    ComputeForTensorflow(Op::Definition().name, &Compute, op, context);
  }
};

/** An operation for TensorFlow and for programs. */
template <class Op>
void RegisterOp() {
  using Functions = OpFunctions<Op>;
  RegisteredOps().push_back({Op::Definition(), &Functions::Create, &Functions::Compute, &Functions::Destroy,
                             &Functions::CreateInTensorflow, &Functions::ComputeInTensorflow});
}

/** An operation that stands in programs for TensorFlow's own one of this name. */
template <class Op>
void RegisterProgramOp(const char *name) {
  using Functions = OpFunctions<Op>;
  RegisteredOps().push_back(
      {{name, {}, {}, {}}, &Functions::Create, &Functions::Compute, &Functions::Destroy, nullptr, nullptr});
}

}  // namespace dlctl
