// How an operation of ours becomes one of TensorFlow's. An operation is a class with
//   static OpDefinition Definition();       its name, attributes, inputs and outputs, as TensorFlow writes them
//   explicit Op(const Attributes &);        reads its attributes
//   void Compute(Call &call) const;         reads inputs and writes outputs; may be called on several threads at once
// and RegisterOp<Op>() in the function of its file that register.cc lists. Compute says that it can't by throwing
// std::invalid_argument. Only on the CPU: on a GPU dlctl takes TensorFlow's own operations.
#pragma once

#include <stdlib.h>

#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel_api.h"

namespace dlctl {

struct OpDefinition {
  const char *name;
  /** Such as "reverse: bool". */
  std::vector<const char *> attributes;
  /** Such as "x: float". */
  std::vector<const char *> inputs;
  std::vector<const char *> outputs;
  /** It does something beside its outputs: TensorFlow must neither leave it out nor join two of them. */
  bool is_stateful = false;
};

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status &) = delete;
  Status &operator=(const Status &) = delete;
  operator TF_Status *() { return status_; }
  void Check() {
    if (TF_GetCode(status_) != TF_OK) throw std::invalid_argument(TF_Message(status_));
  }

 private:
  TF_Status *status_;
};

class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction *construction) : construction_(construction) {}
  int64_t Int(const char *name) const { return Get<int64_t>(TF_OpKernelConstruction_GetAttrInt64, name); }
  float Float(const char *name) const { return Get<float>(TF_OpKernelConstruction_GetAttrFloat, name); }
  bool Bool(const char *name) const { return Get<unsigned char>(TF_OpKernelConstruction_GetAttrBool, name) != 0; }

 private:
  template <class Value, class Getter>
  Value Get(Getter getter, const char *name) const {
    Status status;
    Value value{};
    getter(construction_, name, &value, status);
    status.Check();
    return value;
  }

  TF_OpKernelConstruction *construction_;
};

/** A tensor of the call, which owns it. Inputs need not be aligned to more than their elements. */
class Tensor {
 public:
  explicit Tensor(TF_Tensor *tensor) : tensor_(tensor) {}
  int rank() const { return TF_NumDims(tensor_); }
  int64_t dim(int axis) const { return TF_Dim(tensor_, axis); }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  template <class Element = float>
  Element *data() const {
    return static_cast<Element *>(TF_TensorData(tensor_));
  }

 private:
  TF_Tensor *tensor_;
};

/** One run of an operation. */
class Call {
 public:
  explicit Call(TF_OpKernelContext *context) : context_(context) {}
  ~Call() {
    for (TF_Tensor *tensor : tensors_) TF_DeleteTensor(tensor);
  }
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  /** Of any number of axes. The tensors of a list have an index each. */
  Tensor Input(int index) {
    TF_Tensor *tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    status_.Check();
    tensors_.push_back(tensor);
    return Tensor(tensor);
  }

  /** Throws where it has another number of axes. */
  Tensor Input(int index, int rank) {
    const Tensor tensor = Input(index);
    Require(tensor.rank() == rank, "input " + std::to_string(index) + " has another rank than expected");
    return tensor;
  }

  /** Not cleared. */
  Tensor Output(int index, const std::vector<int64_t> &dims, TF_DataType dtype = TF_FLOAT) {
    size_t bytes = TF_DataTypeSize(dtype);
    for (const int64_t size : dims) bytes *= static_cast<size_t>(size);
    TF_Tensor *tensor =
        TF_AllocateOutput(context_, index, dtype, dims.data(), static_cast<int>(dims.size()), bytes, status_);
    status_.Check();
    tensors_.push_back(tensor);
    return Tensor(tensor);
  }

  /** An output that takes over the memory of one of these inputs where nobody else needs that; else a new one. Not cleared. */
  Tensor OutputOver(int index, std::initializer_list<int> inputs, const std::vector<int64_t> &dims) {
    int forwarded = -1;
    TF_Tensor *tensor =
        TF_ForwardInputOrAllocateOutput(context_, inputs.begin(), static_cast<int>(inputs.size()), index, dims.data(),
                                        static_cast<int>(dims.size()), &forwarded, status_);
    status_.Check();
    tensors_.push_back(tensor);
    return Tensor(tensor);
  }

  static void Require(bool condition, const std::string &what) {
    if (!condition) throw std::invalid_argument(what);
  }

 private:
  TF_OpKernelContext *context_;
  Status status_;
  std::vector<TF_Tensor *> tensors_;
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

template <class Op>
void *CreateOp(TF_OpKernelConstruction *construction) {
  try {
    return new Op(Attributes(construction));
  } catch (const std::exception &error) {
    Status status;
    TF_SetStatus(status, TF_INVALID_ARGUMENT, error.what());
    TF_OpKernelConstruction_Failure(construction, status);
    return nullptr;
  }
}

template <class Op>
void ComputeOp(void *op, TF_OpKernelContext *context) {
  try {
    Call call(context);
    static_cast<const Op *>(op)->Compute(call);
  } catch (const std::exception &error) {
    Status status;
    TF_SetStatus(status, TF_INVALID_ARGUMENT, (std::string(Op::Definition().name) + ": " + error.what()).c_str());
    TF_OpKernelContext_Failure(context, status);
  }
}

template <class Op>
void DeleteOp(void *op) {
  delete static_cast<Op *>(op);
}

/** Throws std::invalid_argument where TensorFlow refuses, or where another library has registered the operation already. */
template <class Op>
void RegisterOp() {
  const OpDefinition definition = Op::Definition();
  Status status;
  // TensorFlow would abort the process when it finds two kernels that fit.
  TF_Buffer *known = TF_GetRegisteredKernelsForOp(definition.name, status);
  const bool is_known = known != nullptr && known->length > 0;
  if (known != nullptr) TF_DeleteBuffer(known);
  if (is_known) throw std::invalid_argument(std::string(definition.name) + " is registered already");
  TF_OpDefinitionBuilder *builder = TF_NewOpDefinitionBuilder(definition.name);
  for (const char *attribute : definition.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char *input : definition.inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char *output : definition.outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  TF_OpDefinitionBuilderSetIsStateful(builder, definition.is_stateful);
  // Shapes are known when it runs; a graph needs no earlier knowledge.
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(builder, status);
  status.Check();
  TF_KernelBuilder *kernel =
      TF_NewKernelBuilder(definition.name, "CPU", &CreateOp<Op>, &ComputeOp<Op>, &DeleteOp<Op>);
  TF_RegisterKernelBuilder(definition.name, kernel, status);
  status.Check();
}

}  // namespace dlctl
