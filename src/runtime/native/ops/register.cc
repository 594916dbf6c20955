// What Node.js calls when it loads the library: lists our operations. New ones are listed here. TensorFlow gets to know them when
// JavaScript says so; programs (../program) run without it.
#include <node_api.h>

#include "../program/program_api.h"
#include "../program/program_ops.h"
#include "amx.h"
#include "op.h"
#include "tensorflow.h"
#include "thread_pool.h"

namespace dlctl {
std::vector<RegisteredOp> &RegisteredOps() {
  static std::vector<RegisteredOp> ops;
  return ops;
}

void RegisterAdamOps();
void RegisterAttentionOps();
void RegisterBatchNormOps();
void RegisterConvolutionOps();
void RegisterGeluOps();
void RegisterLayerNormOps();
void RegisterDenseOps();
void RegisterDenseProductOps();
void RegisterGruOps();
void RegisterGruResetBeforeOps();
void RegisterLstmOps();
void RegisterResampleOps();
}  // namespace dlctl

namespace {

/** Once in a process: each of Node.js's environments loads the library anew. */
void RegisterOnce() {
  static const bool is_done = [] {
    dlctl::RegisterAdamOps();
    dlctl::RegisterAttentionOps();
    dlctl::RegisterBatchNormOps();
    dlctl::RegisterConvolutionOps();
    dlctl::RegisterGeluOps();
    dlctl::RegisterLayerNormOps();
    dlctl::RegisterDenseOps();
    dlctl::RegisterDenseProductOps();
    dlctl::RegisterGruOps();
    dlctl::RegisterGruResetBeforeOps();
    dlctl::RegisterLstmOps();
    dlctl::RegisterResampleOps();
    dlctl::RegisterProgramOps();
    return true;
  }();
  static_cast<void>(is_done);
}

/** registerWithTensorflow(path of TensorFlow's addon, which is loaded). */
napi_value RegisterWithTensorflow(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1, length = 0;
  char path[4096];
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count != 1 ||
      napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != napi_ok) {
    napi_throw_error(env, nullptr, "the path of an addon is needed");
    return nullptr;
  }
  try {
    dlctl::RegisterWithTensorflow(std::string(path, length));
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  RegisterOnce();
  dlctl::ExportPrograms(env, exports);
  napi_value register_function;
  napi_create_function(env, "registerWithTensorflow", NAPI_AUTO_LENGTH, &RegisterWithTensorflow, nullptr,
                       &register_function);
  napi_set_named_property(env, exports, "registerWithTensorflow", register_function);
  napi_value threads;
  napi_create_int32(env, dlctl::ThreadCount(), &threads);
  napi_set_named_property(env, exports, "threads", threads);
  napi_value tiles;
  napi_get_boolean(env, dlctl::HasTiles(), &tiles);
  napi_set_named_property(env, exports, "tiles", tiles);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
