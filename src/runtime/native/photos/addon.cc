// What Node.js sees: read(bytes, numbers, out) fills `out` with pixels and gives a promise of whether it has; where not,
// sharp is to be asked, and what `out` holds means nothing. It runs on libuv's threads.
#include <node_api.h>

#include <new>

#include "photo.h"

namespace dlctl {
namespace {

struct Job {
  PhotoRequest request;
  uint8_t *out = nullptr;
  bool isDone = false;
  /** Kept until it is done. */
  napi_ref input = nullptr, output = nullptr;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
};

void Execute(napi_env, void *data) {
  Job *job = static_cast<Job *>(data);
  try {
    job->isDone = ReadPhoto(job->request, job->out);
  } catch (const std::bad_alloc &) {
    job->isDone = false;
  }
}

void Complete(napi_env env, napi_status, void *data) {
  Job *job = static_cast<Job *>(data);
  napi_value result;
  napi_get_boolean(env, job->isDone, &result);
  napi_resolve_deferred(env, job->deferred, result);
  napi_delete_reference(env, job->input);
  napi_delete_reference(env, job->output);
  napi_delete_async_work(env, job->work);
  delete job;
}

/** width, height, channels, madeWidth, madeHeight, fit, kernel, isDecoded, red, green, blue, isConverted, isPng */
constexpr size_t kNumbers = 13;

template <typename Element>
bool ElementsOf(napi_env env, napi_value array, napi_typedarray_type expected, Element **elements, size_t *length) {
  napi_typedarray_type type;
  void *data = nullptr;
  if (napi_get_typedarray_info(env, array, &type, length, &data, nullptr, nullptr) != napi_ok) return false;
  *elements = static_cast<Element *>(data);
  return type == expected;
}

/** False when the arguments are not what src/data/images/photo-reader.ts gives. */
bool Parse(napi_env env, const napi_value *arguments, Job *job) {
  PhotoRequest &request = job->request;
  uint8_t *bytes = nullptr;
  int32_t *n = nullptr;
  size_t numbers = 0, room = 0;
  if (!ElementsOf(env, arguments[0], napi_uint8_array, &bytes, &request.size) ||
      !ElementsOf(env, arguments[1], napi_int32_array, &n, &numbers) || numbers != kNumbers ||
      !ElementsOf(env, arguments[2], napi_uint8_array, &job->out, &room)) {
    return false;
  }
  request.bytes = bytes;
  request.resize = {n[0], n[1], n[2], n[3], n[4], static_cast<Fit>(n[5]), static_cast<Kernel>(n[6]), n[7] != 0,
                    {static_cast<uint8_t>(n[8]), static_cast<uint8_t>(n[9]), static_cast<uint8_t>(n[10])}};
  request.isConverted = n[11] != 0;
  request.isPng = n[12] != 0;
  const bool isSound = n[0] > 0 && n[1] > 0 && (n[2] == 1 || n[2] == 3) && n[3] >= 0 && (n[3] > 0) == (n[4] > 0);
  const size_t made = n[3] > 0 ? static_cast<size_t>(n[3]) * n[4] : static_cast<size_t>(n[0]) * n[1];
  return isSound && room == 3 * made;
}

napi_value Read(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], promise, name;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Job *job = new Job;
  if (!Parse(env, arguments, job)) {
    delete job;
    napi_throw_type_error(env, nullptr, "unexpected arguments");
    return nullptr;
  }
  napi_create_reference(env, arguments[0], 1, &job->input);
  napi_create_reference(env, arguments[2], 1, &job->output);
  napi_create_promise(env, &job->deferred, &promise);
  napi_create_string_utf8(env, "dlctl.photo", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, nullptr, name, Execute, Complete, job, &job->work);
  napi_queue_async_work(env, job->work);
  return promise;
}

}  // namespace
}  // namespace dlctl

NAPI_MODULE_INIT() {
  const napi_property_descriptor read = {"read", nullptr, dlctl::Read, nullptr, nullptr, nullptr, napi_enumerable, nullptr};
  napi_define_properties(env, exports, 1, &read);
  return exports;
}
