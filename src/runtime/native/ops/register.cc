// What Node.js calls when it loads the library, after libtensorflow: registers our operations with TensorFlow. New ones
// are listed here.
#include <node_api.h>

#include "amx.h"
#include "op.h"
#include "thread_pool.h"

namespace dlctl {
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
}  // namespace dlctl

namespace {

napi_value Init(napi_env env, napi_value exports) {
  try {
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
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
    return exports;
  }
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
