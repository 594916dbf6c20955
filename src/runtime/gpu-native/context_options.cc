// What TensorFlow.js's addon leaves at its defaults when it creates TensorFlow's context. It is compiled with
// TFE_NewContextOptions renamed to dlctl_new_context_options, so that it gets options which this file has filled in from the
// environment: by the process itself, just before the addon is loaded.

#undef TFE_NewContextOptions

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tensorflow/c/eager/c_api.h"

namespace {

// Protocol buffers by hand: the wheel's C API brings no message classes.
void add_varint(std::string *out, uint64_t value) {
  while (value >= 128) {
    out->push_back(static_cast<char>(value | 128));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void add_flag(std::string *out, int field) {
  add_varint(out, static_cast<uint64_t>(field) << 3);
  add_varint(out, 1);
}

void add_message(std::string *out, int field, const std::string &content) {
  add_varint(out, static_cast<uint64_t>(field) << 3 | 2);
  add_varint(out, content.size());
  out->append(content);
}

// ConfigProto.gpu_options.experimental.virtual_devices[0].memory_limit_mb
void add_memory_limit(std::string *config, float megabytes) {
  std::string packed(sizeof megabytes, '\0');
  std::memcpy(&packed[0], &megabytes, sizeof megabytes);
  std::string virtual_device, experimental, gpu_options;
  add_message(&virtual_device, 1, packed);
  add_message(&experimental, 1, virtual_device);
  add_flag(&gpu_options, 4);  // allow_growth
  add_message(&gpu_options, 9, experimental);
  add_message(config, 6, gpu_options);
}

}  // namespace

extern "C" TFE_ContextOptions *dlctl_new_context_options() {
  TFE_ContextOptions *options = TFE_NewContextOptions();
  std::string config;
  const char *megabytes = std::getenv("DLCTL_GPU_MEMORY_MB");
  if (megabytes && *megabytes) add_memory_limit(&config, std::strtof(megabytes, nullptr));
  // ConfigProto.log_device_placement: each operation is told on standard error, with where it ran.
  if (std::getenv("DLCTL_LOG_PLACEMENT")) add_flag(&config, 8);
  if (!config.empty()) {
    TF_Status *status = TF_NewStatus();
    TFE_ContextOptionsSetConfig(options, config.data(), config.size(), status);
    TF_DeleteStatus(status);
  }
  return options;
}
