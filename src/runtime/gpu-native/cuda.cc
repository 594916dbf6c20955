// A small addon that knows CUDA's driver and libraries without being linked to any of them: it loads what it is told to,
// by path, and says what went wrong. libtensorflow asks for its CUDA libraries by name; one that is loaded already is found
// by its name wherever it came from, so no library path has to be set.

#include <dlfcn.h>
#include <node_api.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace {

napi_value text(napi_env env, const std::string &value) {
  napi_value result;
  napi_create_string_utf8(env, value.data(), value.size(), &result);
  return result;
}

napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

void set(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

std::string argument(napi_env env, napi_value value) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return "";
  std::string result(length, '\0');
  napi_get_value_string_utf8(env, value, &result[0], length + 1, &length);
  return result;
}

// load(path): why the library can't be loaded, or null. It stays loaded.
napi_value Load(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value, result;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  if (dlopen(argument(env, value).c_str(), RTLD_LAZY | RTLD_LOCAL)) {
    napi_get_null(env, &result);
    return result;
  }
  const char *problem = dlerror();
  return text(env, problem ? problem : "it can't be loaded");
}

// version(path, function): what a library's `size_t function(void)` returns, or null.
napi_value Version(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value values[2], result;
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  napi_get_null(env, &result);
  void *library = dlopen(argument(env, values[0]).c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (!library) return result;
  void *symbol = dlsym(library, argument(env, values[1]).c_str());
  return symbol ? number(env, static_cast<double>(reinterpret_cast<size_t (*)()>(symbol)())) : result;
}

template <typename... Arguments>
int call(void *library, const char *name, Arguments... arguments) {
  void *symbol = dlsym(library, name);
  // CUDA_ERROR_NOT_FOUND
  return symbol ? reinterpret_cast<int (*)(Arguments...)>(symbol)(arguments...) : 500;
}

std::string error_name(void *library, int code) {
  const char *name = nullptr;
  if (call(library, "cuGetErrorName", code, &name) == 0 && name) return name;
  return "CUDA error " + std::to_string(code);
}

napi_value describe_gpu(napi_env env, void *library, int device) {
  napi_value gpu;
  napi_create_object(env, &gpu);
  char name[256] = "";
  size_t bytes = 0;
  int major = 0, minor = 0;
  unsigned char uuid[16] = {};
  call(library, "cuDeviceGetName", name, static_cast<int>(sizeof name), device);
  call(library, "cuDeviceTotalMem_v2", &bytes, device);
  call(library, "cuDeviceGetAttribute", &major, 75, device);
  call(library, "cuDeviceGetAttribute", &minor, 76, device);
  call(library, "cuDeviceGetUuid", uuid, device);
  std::string id = "GPU-";
  for (int index = 0; index < 16; ++index) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x", uuid[index]);
    if (index == 4 || index == 6 || index == 8 || index == 10) id += "-";
    id += digits;
  }
  set(env, gpu, "name", text(env, name));
  set(env, gpu, "memoryBytes", number(env, static_cast<double>(bytes)));
  set(env, gpu, "computeCapability", text(env, std::to_string(major) + "." + std::to_string(minor)));
  set(env, gpu, "uuid", text(env, id));
  return gpu;
}

// driver(path): { problem } or { path, cudaVersion, error, gpus }. `error` is CUDA's name of why it can't start, or null.
napi_value Driver(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value, result, none;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  napi_create_object(env, &result);
  napi_get_null(env, &none);
  void *library = dlopen(argument(env, value).c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *problem = dlerror();
    set(env, result, "problem", text(env, problem ? problem : "it can't be loaded"));
    return result;
  }
  Dl_info place;
  void *init = dlsym(library, "cuInit");
  set(env, result, "path", text(env, init && dladdr(init, &place) ? place.dli_fname : argument(env, value)));
  int version = 0;
  call(library, "cuDriverGetVersion", &version);
  set(env, result, "cudaVersion", number(env, version));
  const int code = call(library, "cuInit", 0u);
  set(env, result, "error", code == 0 ? none : text(env, error_name(library, code)));
  napi_value gpus;
  napi_create_array(env, &gpus);
  int gpu_count = 0;
  if (code == 0) call(library, "cuDeviceGetCount", &gpu_count);
  for (int index = 0; index < gpu_count; ++index) {
    int device = 0;
    if (call(library, "cuDeviceGet", &device, index) == 0)
      napi_set_element(env, gpus, index, describe_gpu(env, library, device));
  }
  set(env, result, "gpus", gpus);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"load", nullptr, Load, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"version", nullptr, Version, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"driver", nullptr, Driver, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
