#include "program_api.h"

#include <string.h>

#include "program.h"

namespace dlctl {
namespace {

/** Of an error that JavaScript knows of already. */
struct Pending {};

void Check(napi_status status) {
  if (status != napi_ok) throw Pending();
}

/** A program and the JavaScript array that holds its bytes. */
struct OpenProgram {
  OpenProgram(const uint8_t *bytes, size_t size) : program(bytes, size) {}
  Program program;
  napi_ref bytes = nullptr;
};

struct TypedArray {
  napi_typedarray_type type;
  void *data;
  size_t length;
};

TypedArray ArrayOf(napi_env env, napi_value value) {
  bool is_array = false;
  Check(napi_is_typedarray(env, value, &is_array));
  Call::Require(is_array, "a typed array is needed");
  TypedArray array{};
  Check(napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data, nullptr, nullptr));
  return array;
}

napi_typedarray_type TypeOf(TF_DataType dtype) {
  if (dtype == TF_FLOAT) return napi_float32_array;
  if (dtype == TF_INT32) return napi_int32_array;
  Call::Require(dtype == TF_UINT8 || dtype == TF_BOOL, "JavaScript has no array of this type");
  return napi_uint8_array;
}

napi_value TextOf(napi_env env, const std::string &text) {
  napi_value value;
  Check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value SizesOf(napi_env env, const Dims &dims) {
  napi_value sizes;
  Check(napi_create_array_with_length(env, dims.rank(), &sizes));
  for (int axis = 0; axis < dims.rank(); ++axis) {
    napi_value size;
    Check(napi_create_int64(env, dims[axis], &size));
    Check(napi_set_element(env, sizes, axis, size));
  }
  return sizes;
}

napi_value PortsOf(napi_env env, const std::vector<ProgramPort> &ports, bool are_inputs) {
  napi_value list;
  Check(napi_create_array_with_length(env, ports.size(), &list));
  for (size_t at = 0; at < ports.size(); ++at) {
    napi_value port = TextOf(env, ports[at].name);
    if (are_inputs) {
      const napi_value name = port;
      Check(napi_create_object(env, &port));
      Check(napi_set_named_property(env, port, "name", name));
      napi_value dtype;
      Check(napi_create_int32(env, ports[at].dtype, &dtype));
      Check(napi_set_named_property(env, port, "dtype", dtype));
      Check(napi_set_named_property(env, port, "shape", SizesOf(env, ports[at].dims)));
    }
    Check(napi_set_element(env, list, static_cast<uint32_t>(at), port));
  }
  return list;
}

/** Runs `body`, and makes an error of JavaScript's of what it throws. */
template <class Body>
napi_value Guard(napi_env env, const Body &body) {
  try {
    return body();
  } catch (const Pending &) {
    bool is_pending = false;
    napi_is_exception_pending(env, &is_pending);
    if (!is_pending) napi_throw_error(env, nullptr, "JavaScript's arguments can't be read");
  } catch (const std::bad_alloc &) {
    napi_throw_error(env, nullptr, "there is not enough memory");
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

template <size_t kCount>
struct Arguments {
  Arguments(napi_env env, napi_callback_info info) {
    size_t count = kCount;
    Check(napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
    Call::Require(count == kCount, "another number of arguments is needed");
  }
  napi_value values[kCount];
};

void Close(napi_env env, void *data, void *) {
  auto *const open = static_cast<OpenProgram *>(data);
  if (open->bytes != nullptr) napi_delete_reference(env, open->bytes);
  delete open;
}

napi_value Open(napi_env env, napi_callback_info info) {
  return Guard(env, [&] {
    const Arguments<1> arguments(env, info);
    const TypedArray bytes = ArrayOf(env, arguments.values[0]);
    Call::Require(bytes.type == napi_uint8_array, "a program is an array of bytes");
    auto open = std::make_unique<OpenProgram>(static_cast<const uint8_t *>(bytes.data), bytes.length);
    napi_value result, handle;
    Check(napi_create_object(env, &result));
    Check(napi_set_named_property(env, result, "inputs", PortsOf(env, open->program.inputs(), true)));
    Check(napi_set_named_property(env, result, "results", PortsOf(env, open->program.results(), false)));
    Check(napi_create_reference(env, arguments.values[0], 1, &open->bytes));
    const napi_status status = napi_create_external(env, open.get(), &Close, nullptr, &handle);
    if (status != napi_ok) {
      napi_delete_reference(env, open->bytes);
      throw Pending();
    }
    open.release();
    Check(napi_set_named_property(env, result, "handle", handle));
    return result;
  });
}

napi_value Copy(napi_env env, const Tensor &tensor) {
  const size_t bytes = static_cast<size_t>(tensor.size()) * SizeOfType(tensor.dtype());
  void *memory = nullptr;
  napi_value buffer, array, result;
  Check(napi_create_arraybuffer(env, bytes, &memory, &buffer));
  if (bytes > 0) memcpy(memory, tensor.data<void>(), bytes);
  Check(napi_create_typedarray(env, TypeOf(tensor.dtype()), tensor.size(), buffer, 0, &array));
  Check(napi_create_array_with_length(env, 2, &result));
  Check(napi_set_element(env, result, 0, array));
  Check(napi_set_element(env, result, 1, SizesOf(env, tensor.dims())));
  return result;
}

napi_value Run(napi_env env, napi_callback_info info) {
  return Guard(env, [&] {
    const Arguments<3> arguments(env, info);
    void *data = nullptr;
    Check(napi_get_value_external(env, arguments.values[0], &data));
    Program &program = static_cast<OpenProgram *>(data)->program;
    int64_t batch = 0;
    Check(napi_get_value_int64(env, arguments.values[2], &batch));
    Call::Require(batch >= 0, "a batch can't have fewer than no examples");
    std::vector<void *> inputs;
    for (size_t at = 0; at < program.inputs().size(); ++at) {
      const ProgramPort &port = program.inputs()[at];
      napi_value given;
      Check(napi_get_element(env, arguments.values[1], static_cast<uint32_t>(at), &given));
      const TypedArray array = ArrayOf(env, given);
      Call::Require(array.type == TypeOf(port.dtype), "the input " + port.name + " has another type");
      const auto needed = static_cast<unsigned __int128>(batch) * static_cast<uint64_t>(port.dims.size());
      Call::Require(needed == array.length, "the input " + port.name + " has another size than the batch");
      inputs.push_back(array.data);
    }
    const std::vector<Tensor> &results = program.Run(inputs, batch);
    napi_value list;
    Check(napi_create_array_with_length(env, results.size(), &list));
    for (size_t at = 0; at < results.size(); ++at)
      Check(napi_set_element(env, list, static_cast<uint32_t>(at), Copy(env, results[at])));
    return list;
  });
}

napi_value Checksum(napi_env env, napi_callback_info info) {
  return Guard(env, [&] {
    const Arguments<1> arguments(env, info);
    const TypedArray bytes = ArrayOf(env, arguments.values[0]);
    Call::Require(bytes.type == napi_uint8_array && bytes.length >= kCheckedFrom, "a program is an array of bytes");
    napi_value checksum;
    Check(napi_create_bigint_uint64(
        env, ProgramChecksum(static_cast<const uint8_t *>(bytes.data) + kCheckedFrom, bytes.length - kCheckedFrom),
        &checksum));
    return checksum;
  });
}

}  // namespace

void ExportPrograms(napi_env env, napi_value exports) {
  const auto add = [&](const char *name, napi_callback callback) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  };
  add("openProgram", &Open);
  add("runProgram", &Run);
  add("programChecksum", &Checksum);
}

}  // namespace dlctl
