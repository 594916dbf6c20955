// Programs for JavaScript.
#pragma once

#include <node_api.h>

namespace dlctl {

/** Adds `openProgram`, `runProgram` and `programChecksum` to what the library exports; src/runtime/program-library.ts says what they take. */
void ExportPrograms(napi_env env, napi_value exports);

}  // namespace dlctl
