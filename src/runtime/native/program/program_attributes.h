// The attributes of an instruction, by name.
#pragma once

#include <map>

#include "program_reader.h"

namespace dlctl {

class ProgramAttributes final : public AttributeSource {
 public:
  /** Attributes of an operation of this definition, which may have defaults: "parts: int = 3". */
  ProgramAttributes(ProgramReader &reader, const OpDefinition &definition) {
    for (const std::string attribute : definition.attributes) AddDefault(attribute);
    for (uint32_t left = reader.Count(12); left > 0; --left) {
      const std::string name = reader.Text();
      Value &value = values_[name];
      value = Value();
      value.kind = static_cast<Kind>(reader.Unsigned());
      switch (value.kind) {
        case Kind::kInt:
          value.ints = {static_cast<int64_t>(reader.Long())};
          break;
        case Kind::kFloat:
          value.number = reader.Float();
          break;
        case Kind::kBool:
          value.ints = {reader.Unsigned() != 0};
          break;
        case Kind::kInts:
          for (uint32_t count = reader.Count(8); count > 0; --count)
            value.ints.push_back(static_cast<int64_t>(reader.Long()));
          break;
        case Kind::kText:
          value.text = reader.Text();
          break;
        default:
          throw std::invalid_argument("the attribute " + name + " is of an unknown kind");
      }
    }
  }

  int64_t Int(const char *name) const override { return Find(name, Kind::kInt).ints[0]; }
  float Float(const char *name) const override { return Find(name, Kind::kFloat).number; }
  bool Bool(const char *name) const override { return Find(name, Kind::kBool).ints[0] != 0; }
  std::vector<int64_t> Ints(const char *name) const override { return Find(name, Kind::kInts).ints; }
  std::string Text(const char *name) const override { return Find(name, Kind::kText).text; }

 private:
  /** As src/engine/program/encode-program.ts writes them. */
  enum class Kind : uint32_t { kInt, kFloat, kBool, kInts, kText };

  struct Value {
    Kind kind = Kind::kInt;
    std::vector<int64_t> ints;
    float number = 0;
    std::string text;
  };

  void AddDefault(const std::string &attribute) {
    const size_t colon = attribute.find(':'), equals = attribute.find('=');
    if (equals == std::string::npos) return;
    const std::string stated = attribute.substr(attribute.find_first_not_of(' ', equals + 1));
    Value &value = values_[attribute.substr(0, colon)];
    if (attribute.find("float", colon) < equals) {
      value.kind = Kind::kFloat;
      value.number = strtof(stated.c_str(), nullptr);
    } else {
      const bool is_bool = attribute.find("bool", colon) < equals;
      value.kind = is_bool ? Kind::kBool : Kind::kInt;
      value.ints = {is_bool ? stated == "true" : strtoll(stated.c_str(), nullptr, 10)};
    }
  }

  const Value &Find(const char *name, Kind kind) const {
    const auto found = values_.find(name);
    if (found == values_.end() || found->second.kind != kind)
      throw std::invalid_argument(std::string("there is no attribute ") + name);
    return found->second;
  }

  std::map<std::string, Value> values_;
};

}  // namespace dlctl
