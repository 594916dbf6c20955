// Multi-head attention, forward and backward: of queries, keys and values in one tensor, or in three.
#include "attention_head.h"
#include "attention_tiles.h"
#include "flush_denormals.h"
#include "op.h"
#include "thread_pool.h"
#include "tile_product.h"

namespace dlctl {
namespace {

/** Where the heads' numbers are: element (example, step, head) of a tensor begins at data + example * step_count * step + ... */
struct HeadTensor {
  const float *data;
  int64_t steps, step, width;

  int64_t Offset(int64_t example, int64_t head) const { return example * steps * step + head * width; }
};

/** Queries, keys and values, from [batch, steps, heads, width] each or from [batch, steps, 3, heads, width]. */
struct Heads {
  HeadTensor query, key, value;
  int64_t batch, heads;
  /** Number of inputs they came from. */
  int inputs;
};

Heads TakePacked(Call &call, int index) {
  const Tensor packed = call.Input(index, 5);
  Call::Require(packed.dim(2) == 3, "queries, keys and values must be three");
  const int64_t heads = packed.dim(3), width = packed.dim(4);
  const auto part = [&](int place) {
    return HeadTensor{packed.data() + place * heads * width, packed.dim(1), 3 * heads * width, width};
  };
  return {part(0), part(1), part(2), packed.dim(0), heads, 1};
}

Heads TakeThree(Call &call, int index) {
  const auto take = [&](int place) { return call.Input(index + place, 4); };
  const Tensor query = take(0), key = take(1), value = take(2);
  const int64_t batch = query.dim(0), heads = query.dim(2);
  Call::Require(key.dim(0) == batch && value.dim(0) == batch && key.dim(2) == heads && value.dim(2) == heads &&
                    key.dim(1) == value.dim(1) && key.dim(3) == query.dim(3),
                "queries, keys and values must fit together");
  const auto part = [&](const Tensor &tensor) {
    return HeadTensor{tensor.data(), tensor.dim(1), heads * tensor.dim(3), tensor.dim(3)};
  };
  return {part(query), part(key), part(value), batch, heads, 3};
}

/** What bears on shares beside queries and keys; each may be there or be a tensor without numbers. */
struct Conditions {
  Conditions(Call &call, int index, const Heads &heads)
      : padding(call.Input(index, 2)), factors(call.Input(index + 1, 4)), rotation(call.Input(index + 2, 3)) {
    const int64_t queries = heads.query.steps, keys = heads.key.steps;
    Call::Require(padding.size() == 0 || padding.size() == heads.batch * keys, "padding must be [batch, keys]");
    Call::Require(factors.size() == 0 || factors.size() == heads.batch * heads.heads * queries * keys,
                  "factors must be [batch, heads, queries, keys]");
    Call::Require(rotation.size() == 0 || (rotation.dim(0) == 2 && rotation.dim(1) >= std::max(queries, keys) &&
                                           rotation.dim(2) == heads.query.width),
                  "the rotation must be [2, steps, width]");
  }

  HeadInputs Of(const Heads &heads, int64_t example, int64_t head) const {
    const int64_t place = example * heads.heads + head;
    return {heads.query.data + heads.query.Offset(example, head),
            heads.key.data + heads.key.Offset(example, head),
            heads.value.data + heads.value.Offset(example, head),
            padding.size() ? padding.data() + example * heads.key.steps : nullptr,
            factors.size() ? factors.data() + place * heads.query.steps * heads.key.steps : nullptr,
            rotation.size() ? rotation.data() : nullptr,
            rotation.dim(1)};
  }

  Tensor padding, factors, rotation;
};

AttentionSizes SizesOf(const Heads &heads, bool is_causal) {
  return {heads.query.steps, heads.key.steps, heads.query.width,
          heads.value.width, heads.query.step, heads.key.step,
          heads.value.step,  heads.heads * heads.value.width, is_causal};
}

struct Options {
  explicit Options(const Attributes &attributes)
      : is_causal(attributes.Bool("causal")), parts(PartsOf(attributes)) {}

  bool is_causal;
  /** Of each number that tiles multiply: 3 are all of it, 2 are 16 bits, 1 is a bfloat16. Without tiles it is all of it. */
  int parts;
};

/** Calls `work(attention, example, head)` for all heads, whose results do not depend on how they are split among threads. */
template <class Work>
void ForHeads(const Heads &heads, const Options &options, const Work &work) {
  const int count = static_cast<int>(heads.batch * heads.heads);
  const int tasks = std::min(count, 4 * ThreadCount());
  const AttentionSizes sizes = SizesOf(heads, options.is_causal);
  const auto work_by = [&](auto &attention, int task) {
    for (int place = PartStart(count, task, tasks); place < PartStart(count, task + 1, tasks); ++place)
      work(attention, place / heads.heads, place % heads.heads);
  };
#if defined(DLCTL_AMX)
  if (HasTiles()) {
    WithParts(options.parts, [&](auto parts) {
      ParallelFor(tasks, [&](int task) {
        const TileScope tiles;
        const FlushDenormals flush;
        AttentionTiles<decltype(parts)::value> attention(sizes);
        work_by(attention, task);
      });
    });
    return;
  }
#endif
  ParallelFor(tasks, [&](int task) {
    AttentionHead attention(sizes);
    work_by(attention, task);
  });
}

/** Result [batch, queries, heads, value width]; statistics as of AttentionHead [batch, heads, queries, 2]. */
template <Heads (*Take)(Call &, int)>
class Attention {
 public:
  explicit Attention(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Heads heads = Take(call, 0);
    const Conditions conditions(call, heads.inputs, heads);
    const int64_t queries = heads.query.steps, width = heads.value.width;
    float *result = call.Output(0, {heads.batch, queries, heads.heads, width}).data();
    float *statistics = call.Output(1, {heads.batch, heads.heads, queries, 2}).data();
    ForHeads(heads, options_, [&](auto &attention, int64_t example, int64_t head) {
      attention.Forward(conditions.Of(heads, example, head),
                        result + (example * queries * heads.heads + head) * width,
                        statistics + (example * heads.heads + head) * queries * 2);
    });
  }

 protected:
  const Options options_;
};

/** Inputs of the gradient behind those of the attention: its result, its statistics, and the result's gradient. */
struct Given {
  Given(Call &call, int index, const Heads &heads)
      : result(call.Input(index, 4)), statistics(call.Input(index + 1, 4)), gradient(call.Input(index + 2, 4)) {
    const int64_t rows = heads.batch * heads.heads * heads.query.steps;
    Call::Require(result.size() == rows * heads.value.width && gradient.size() == result.size() &&
                      statistics.size() == 2 * rows,
                  "the result, its statistics and its gradient must fit the heads");
  }

  Tensor result, statistics, gradient;
};

/** `query`, `key` and `value` are where the gradients go, which lie as the heads do. */
void Differentiate(const Heads &heads, const Conditions &conditions, const Given &given, const Options &options,
                   float *query, float *key, float *value) {
  const int64_t queries = heads.query.steps;
  ForHeads(heads, options, [&](auto &attention, int64_t example, int64_t head) {
    const int64_t at = (example * queries * heads.heads + head) * heads.value.width;
    attention.Backward(conditions.Of(heads, example, head), given.result.data() + at,
                       given.statistics.data() + (example * heads.heads + head) * queries * 2,
                       given.gradient.data() + at, query + heads.query.Offset(example, head),
                       key + heads.key.Offset(example, head), value + heads.value.Offset(example, head));
  });
}

class PackedAttention : public Attention<TakePacked> {
 public:
  using Attention::Attention;
  static OpDefinition Definition() {
    return {"DlctlPackedAttention",
            {"causal: bool", "parts: int = 3"},
            {"packed: float", "padding: float", "factors: float", "rotation: float"},
            {"result: float", "statistics: float"}};
  }
};

class PackedAttentionGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlPackedAttentionGradient",
            {"causal: bool", "parts: int = 3"},
            {"packed: float", "padding: float", "factors: float", "rotation: float", "result: float",
             "statistics: float", "gradient: float"},
            {"dpacked: float"}};
  }

  explicit PackedAttentionGradient(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Heads heads = TakePacked(call, 0);
    const int64_t width = heads.query.width, part = heads.heads * width;
    float *packed = call.Output(0, {heads.batch, heads.query.steps, 3, heads.heads, width}).data();
    const Conditions conditions(call, 1, heads);
    Differentiate(heads, conditions, Given(call, 4, heads), options_, packed, packed + part, packed + 2 * part);
  }

 private:
  const Options options_;
};

class SplitAttention : public Attention<TakeThree> {
 public:
  using Attention::Attention;
  static OpDefinition Definition() {
    return {"DlctlAttention",
            {"causal: bool", "parts: int = 3"},
            {"query: float", "key: float", "value: float", "padding: float", "factors: float", "rotation: float"},
            {"result: float", "statistics: float"}};
  }
};

class SplitAttentionGradient {
 public:
  static OpDefinition Definition() {
    return {"DlctlAttentionGradient",
            {"causal: bool", "parts: int = 3"},
            {"query: float", "key: float", "value: float", "padding: float", "factors: float", "rotation: float",
             "result: float", "statistics: float", "gradient: float"},
            {"dquery: float", "dkey: float", "dvalue: float"}};
  }

  explicit SplitAttentionGradient(const Attributes &attributes) : options_(attributes) {}

  void Compute(Call &call) const {
    const Heads heads = TakeThree(call, 0);
    const auto output = [&](int index, const HeadTensor &of) {
      return call.Output(index, {heads.batch, of.steps, heads.heads, of.width}).data();
    };
    float *query = output(0, heads.query), *key = output(1, heads.key), *value = output(2, heads.value);
    const Conditions conditions(call, 3, heads);
    Differentiate(heads, conditions, Given(call, 6, heads), options_, query, key, value);
  }

 private:
  const Options options_;
};

}  // namespace

void RegisterAttentionOps() {
  RegisterOp<PackedAttention>();
  RegisterOp<PackedAttentionGradient>();
  RegisterOp<SplitAttention>();
  RegisterOp<SplitAttentionGradient>();
}

}  // namespace dlctl
