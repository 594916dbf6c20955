// Holds back what native code writes to file descriptor 2 while libtensorflow loads. Node has no dup2, and
// libtensorflow 2.21 prints two lines at start whatever TF_CPP_MIN_LOG_LEVEL says. What was held is returned by
// release(), and written out after all when the process dies meanwhile: an abort must not be silent.
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <string>

namespace {

const int kSignals[] = {SIGABRT, SIGILL, SIGSEGV, SIGBUS};
const int kSignalCount = sizeof(kSignals) / sizeof(kSignals[0]);
struct sigaction previous[kSignalCount];
int saved = -1;  // the true stderr
int held = -1;   // where writes go meanwhile

void Restore() {
  dup2(saved, STDERR_FILENO);
  close(saved);
  saved = -1;
  for (int i = 0; i < kSignalCount; ++i) sigaction(kSignals[i], &previous[i], nullptr);
}

// Only async-signal-safe calls.
void OnFatalSignal(int signal) {
  if (saved >= 0) {
    const int from = held;
    Restore();
    char buffer[4096];
    lseek(from, 0, SEEK_SET);
    for (ssize_t count; (count = read(from, buffer, sizeof(buffer))) > 0;) {
      if (write(STDERR_FILENO, buffer, count) < 0) break;
    }
  }
  raise(signal);
}

napi_value Hold(napi_env env, napi_callback_info) {
  napi_value result;
  napi_get_boolean(env, false, &result);
  if (saved >= 0) return result;
  FILE *file = tmpfile();
  held = file != nullptr ? dup(fileno(file)) : open("/dev/null", O_RDWR);
  if (file != nullptr) fclose(file);
  if (held < 0) return result;
  saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (saved < 0 || dup2(held, STDERR_FILENO) < 0) {
    if (saved >= 0) close(saved);
    close(held);
    saved = held = -1;
    return result;
  }
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = OnFatalSignal;
  for (int i = 0; i < kSignalCount; ++i) sigaction(kSignals[i], &action, &previous[i]);
  napi_get_boolean(env, true, &result);
  return result;
}

napi_value Release(napi_env env, napi_callback_info) {
  std::string text;
  if (saved >= 0) {
    Restore();
    char buffer[4096];
    lseek(held, 0, SEEK_SET);
    for (ssize_t count; (count = read(held, buffer, sizeof(buffer))) > 0;) text.append(buffer, count);
    close(held);
    held = -1;
  }
  napi_value result;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor properties[] = {
      {"hold", nullptr, Hold, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"release", nullptr, Release, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, properties);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
