// Our operations in TensorFlow.
#pragma once

#include <string>

namespace dlctl {

/**
 * Registers all operations with the TensorFlow that the library at `addon_path`, which the process has loaded already, is
 * linked to. Does nothing a second time. Throws std::invalid_argument where there is no such TensorFlow, where it refuses, or
 * where another library has registered an operation already.
 */
void RegisterWithTensorflow(const std::string &addon_path);

}  // namespace dlctl
