// Keeps asynchronous signals off the calling thread and off the threads it starts from then on. A matrix product of
// oneDNN, which libtensorflow runs on the main thread in eager mode, does not survive a signal handler on its stack: the heap is
// damaged, mostly by Ctrl-C. Node's own worker threads, which were there before, still take signals, and its handlers
// only write to a pipe.
#include <node_api.h>
#include <signal.h>

namespace {

// Not those that a thread causes itself (SIGSEGV, ...), and not SIGPROF, which a profiler sends to this very thread.
const int kAsynchronous[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGCHLD, SIGWINCH,
                             SIGCONT, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGIO};

napi_value Block(napi_env env, napi_callback_info) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kAsynchronous) sigaddset(&set, signal);
  napi_value result;
  napi_get_boolean(env, pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0, &result);
  return result;
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor property = {"block", nullptr, Block, nullptr, nullptr, nullptr, napi_enumerable, nullptr};
  napi_define_properties(env, exports, 1, &property);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
