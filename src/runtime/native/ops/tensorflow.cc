#include "tensorflow.h"

#include <dlfcn.h>

#include <memory>

#include "kernel_api.h"
#include "op.h"

namespace dlctl {
namespace {

#define DLCTL_TENSORFLOW_FUNCTIONS(each)       \
  each(TF_NewStatus)                           \
  each(TF_DeleteStatus)                        \
  each(TF_GetCode)                             \
  each(TF_SetStatus)                           \
  each(TF_Message)                             \
  each(TF_NumDims)                             \
  each(TF_Dim)                                 \
  each(TF_TensorData)                          \
  each(TF_TensorType)                          \
  each(TF_DeleteTensor)                        \
  each(TF_DeleteBuffer)                        \
  each(TF_NumInputs)                           \
  each(TF_GetInput)                            \
  each(TF_AllocateOutput)                      \
  each(TF_ForwardInputOrAllocateOutput)        \
  each(TF_OpKernelContext_Failure)             \
  each(TF_OpKernelConstruction_GetAttrInt64)   \
  each(TF_OpKernelConstruction_GetAttrFloat)   \
  each(TF_OpKernelConstruction_GetAttrBool)    \
  each(TF_OpKernelConstruction_Failure)        \
  each(TF_GetRegisteredKernelsForOp)           \
  each(TF_NewOpDefinitionBuilder)              \
  each(TF_OpDefinitionBuilderAddAttr)          \
  each(TF_OpDefinitionBuilderAddInput)         \
  each(TF_OpDefinitionBuilderAddOutput)        \
  each(TF_OpDefinitionBuilderSetIsStateful)    \
  each(TF_OpDefinitionBuilderSetShapeInferenceFunction) \
  each(TF_ShapeInferenceContextSetUnknownShape) \
  each(TF_RegisterOpDefinition)                \
  each(TF_NewKernelBuilder)                    \
  each(TF_RegisterKernelBuilder)

/**
 * TensorFlow's functions, looked up when operations are registered. Linked to it, this library could not be loaded without TensorFlow,
 * whose loading takes longer than most predictions.
 */
struct Api {
#define DLCTL_FIELD(name) decltype(&::name) name = nullptr;
  DLCTL_TENSORFLOW_FUNCTIONS(DLCTL_FIELD)
#undef DLCTL_FIELD
};

Api api;

void FindApi(const std::string &addon_path) {
  // A handle finds what the addon's own libraries have, too.
  void *addon = dlopen(addon_path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (addon == nullptr) throw std::invalid_argument("TensorFlow's addon is not loaded");
#define DLCTL_FIND(name)                                            \
  api.name = reinterpret_cast<decltype(api.name)>(dlsym(addon, #name)); \
  if (api.name == nullptr) throw std::invalid_argument("TensorFlow has no " #name);
  DLCTL_TENSORFLOW_FUNCTIONS(DLCTL_FIND)
#undef DLCTL_FIND
}

class Status {
 public:
  Status() : status_(api.TF_NewStatus()) {}
  ~Status() { api.TF_DeleteStatus(status_); }
  Status(const Status &) = delete;
  Status &operator=(const Status &) = delete;
  operator TF_Status *() { return status_; }
  void Check() {
    if (api.TF_GetCode(status_) != TF_OK) throw std::invalid_argument(api.TF_Message(status_));
  }

 private:
  TF_Status *status_;
};

class TensorflowAttributes final : public AttributeSource {
 public:
  explicit TensorflowAttributes(TF_OpKernelConstruction *construction) : construction_(construction) {}
  int64_t Int(const char *name) const override { return Get<int64_t>(api.TF_OpKernelConstruction_GetAttrInt64, name); }
  float Float(const char *name) const override { return Get<float>(api.TF_OpKernelConstruction_GetAttrFloat, name); }
  bool Bool(const char *name) const override {
    return Get<unsigned char>(api.TF_OpKernelConstruction_GetAttrBool, name) != 0;
  }
  std::vector<int64_t> Ints(const char *) const override { throw std::invalid_argument("lists are for programs"); }
  std::string Text(const char *) const override { throw std::invalid_argument("texts are for programs"); }

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

class TensorflowCaller final : public Caller {
 public:
  explicit TensorflowCaller(TF_OpKernelContext *context) : context_(context) {}
  ~TensorflowCaller() {
    for (TF_Tensor *tensor : tensors_) api.TF_DeleteTensor(tensor);
  }

  Tensor Input(int index) override {
    TF_Tensor *tensor = nullptr;
    api.TF_GetInput(context_, index, &tensor, status_);
    status_.Check();
    return Keep(tensor);
  }

  int InputCount() const override { return api.TF_NumInputs(context_); }

  Tensor Output(int index, const Dims &dims, TF_DataType dtype) override {
    const size_t bytes = SizeOfType(dtype) * static_cast<size_t>(dims.size());
    TF_Tensor *tensor = api.TF_AllocateOutput(context_, index, dtype, dims.data(), dims.rank(), bytes, status_);
    status_.Check();
    return Keep(tensor);
  }

  Tensor OutputOver(int index, std::initializer_list<int> inputs, const Dims &dims, TF_DataType) override {
    int forwarded = -1;
    TF_Tensor *tensor =
        api.TF_ForwardInputOrAllocateOutput(context_, inputs.begin(), static_cast<int>(inputs.size()), index,
                                            dims.data(), dims.rank(), &forwarded, status_);
    status_.Check();
    return Keep(tensor);
  }

  Tensor OutputView(int, int, const Dims &) override { throw std::invalid_argument("views are for programs"); }

  bool Wants(int) const override { return true; }

  int64_t batch() const override { throw std::invalid_argument("batches are counted in programs"); }

  const float *Packed(int, std::initializer_list<int>, size_t floats,
                      const std::function<void(float *)> &pack) override {
    packed_.push_back(std::make_unique<Scratch>(floats));
    pack(packed_.back()->data());
    return packed_.back()->data();
  }
  bool KeepsPacked(std::initializer_list<int>) const override { return false; }

 private:
  Tensor Keep(TF_Tensor *tensor) {
    tensors_.push_back(tensor);
    int64_t sizes[Dims::kMost];
    const int rank = api.TF_NumDims(tensor);
    for (int axis = 0; axis < rank && axis < Dims::kMost; ++axis) sizes[axis] = api.TF_Dim(tensor, axis);
    return Tensor(api.TF_TensorData(tensor), Dims(sizes, rank), api.TF_TensorType(tensor));
  }

  TF_OpKernelContext *context_;
  Status status_;
  std::vector<TF_Tensor *> tensors_;
  std::vector<std::unique_ptr<Scratch>> packed_;
};

void Register(const RegisteredOp &op) {
  const OpDefinition &definition = op.definition;
  Status status;
  // TensorFlow would abort the process when it finds two kernels that fit.
  TF_Buffer *known = api.TF_GetRegisteredKernelsForOp(definition.name, status);
  const bool is_known = known != nullptr && known->length > 0;
  if (known != nullptr) api.TF_DeleteBuffer(known);
  if (is_known) throw std::invalid_argument(std::string(definition.name) + " is registered already");
  TF_OpDefinitionBuilder *builder = api.TF_NewOpDefinitionBuilder(definition.name);
  for (const char *attribute : definition.attributes) api.TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char *input : definition.inputs) api.TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char *output : definition.outputs) api.TF_OpDefinitionBuilderAddOutput(builder, output);
  api.TF_OpDefinitionBuilderSetIsStateful(builder, definition.is_stateful);
  // Shapes are known when it runs; a graph needs no earlier knowledge.
  api.TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, api.TF_ShapeInferenceContextSetUnknownShape);
  api.TF_RegisterOpDefinition(builder, status);
  status.Check();
  TF_KernelBuilder *kernel = api.TF_NewKernelBuilder(definition.name, "CPU", op.create_for_tensorflow,
                                                     op.compute_for_tensorflow, op.destroy);
  api.TF_RegisterKernelBuilder(definition.name, kernel, status);
  status.Check();
}

}  // namespace

void *CreateForTensorflow(void *(*create)(const Attributes &), TF_OpKernelConstruction *construction) {
  try {
    const TensorflowAttributes attributes(construction);
    return create(Attributes(attributes));
  } catch (const std::exception &error) {
    Status status;
    api.TF_SetStatus(status, TF_INVALID_ARGUMENT, error.what());
    api.TF_OpKernelConstruction_Failure(construction, status);
    return nullptr;
  }
}

void ComputeForTensorflow(const char *name, void (*compute)(const void *, Call &), const void *op,
                          TF_OpKernelContext *context) {
  try {
    TensorflowCaller caller(context);
    Call call(caller);
    compute(op, call);
  } catch (const std::exception &error) {
    Status status;
    api.TF_SetStatus(status, TF_INVALID_ARGUMENT, (std::string(name) + ": " + error.what()).c_str());
    api.TF_OpKernelContext_Failure(context, status);
  }
}

void RegisterWithTensorflow(const std::string &addon_path) {
  static bool is_done = false;
  if (is_done) return;
  FindApi(addon_path);
  for (const RegisteredOp &op : RegisteredOps())
    if (op.create_for_tensorflow != nullptr) Register(op);
  is_done = true;
}

}  // namespace dlctl
