import { configFacts } from "../config/checks/config-facts";
import type { Config } from "../config/config-schema";
import type { LoadedConfig } from "../config/load-config";
import { lengthRules } from "../data/preprocess/length-op-config";
import { statedLabels } from "../data/source-config";
import { UserError } from "../shared/errors";
import { type ModelFacts, modelFactsOf } from "../train/model-facts";
import { planModelFacts } from "../validate/plan-model-facts";
import { withData } from "../validate/with-data";

/** What a config asks of a model, and how many examples there are. */
export interface PlannedRun {
  readonly facts: ModelFacts;
  /** Undefined where the data is not there. */
  readonly examples: { readonly train: number; readonly validation: number } | undefined;
  /** Sentences for people: what was assumed because only the data could tell. */
  readonly assumptions: readonly string[];
}

/**
 * By the config where it decides shapes and classes, and by the data, if it is there, for the number of examples. `examples` stands in for
 * counting them: the data is then opened only for shapes that nothing else tells. Throws ConfigError, or DataError where the data is needed and not
 * there.
 */
export async function planRun(
  loaded: LoadedConfig,
  examples: number | undefined,
  signal: AbortSignal,
): Promise<PlannedRun> {
  const { config } = loaded;
  const decided = planModelFacts(config);
  const assumed = typeof decided === "string" ? assumeTextFacts(config) : { facts: decided, assumptions: [] };
  if (assumed && examples !== undefined) return { ...assumed, examples: { train: examples, validation: 0 } };
  try {
    return await withData(loaded, signal, async ({ set, preprocessing, splits }) => ({
      facts: modelFactsOf(set, preprocessing),
      examples: { train: examples ?? splits.train.length, validation: splits.validation.length },
      assumptions: [],
    }));
  } catch (error) {
    if (!assumed || !(error instanceof UserError)) throw error;
    return { ...assumed, examples: undefined };
  }
}

type Assumed = Pick<PlannedRun, "facts" | "assumptions">;

/** Texts have no more tokens than `tokenize.vocabulary` allows: that many are taken. */
function assumeTextFacts(config: Config): Assumed | undefined {
  const { data } = config;
  const tokenize = data.preprocess.find(({ op }) => op === "tokenize") as { vocabulary?: number } | undefined;
  const { inputKind, task } = configFacts(config);
  const vocabulary = tokenize?.vocabulary;
  if (vocabulary === undefined) return undefined;
  const assumptions = [
    `the vocabulary is taken to be as large as data.preprocess allows, ${vocabulary.toLocaleString("en-US")} tokens`,
  ];
  if (inputKind === "corpus" && data.source === "text") {
    const { length } = data.window;
    const labels = Array.from({ length: vocabulary }, (_, id) => String(id));
    const targets = { kind: "sequence" as const, labels, length, steps: () => new Int32Array(length) };
    return {
      facts: { inputShape: [length], inputDtype: "int32", targets, task: "languageModel", vocabulary },
      assumptions,
    };
  }
  const labels = statedLabels(data);
  const { pad } = lengthRules(data.preprocess);
  if (inputKind !== "text" || task !== "classification" || !labels || !pad) return undefined;
  const targets = { kind: "class" as const, labels, indices: new Int32Array() };
  return { facts: { inputShape: [pad.length], inputDtype: "int32", targets, vocabulary }, assumptions };
}
