import type { ModelFolder } from "../../checkpoint/model-folder";
import { modelPreprocessing } from "../../checkpoint/model-preprocessing";
import type { Preprocessing } from "../../data/preprocess/preprocessing";
import type { Evaluation } from "../../evaluate/evaluation";
import type { EvaluationData } from "../../evaluate/open-evaluation-data";
import { explain } from "../../explain/explain";
import type { Explanation } from "../../explain/explanation";
import { attendingLayers } from "../../explain/watch-attention";
import type { tf } from "../../runtime/tf";
import { DataError, UsageError } from "../../shared/errors";
import type { HostTensor } from "../../shared/host-tensor";
import type { PictureBudget } from "../picture-budget";
import { type ExplainedAnswer, worstAnswers } from "./explained-answer";
import type { Reason, Reasons } from "./reason";
import { reasonOf } from "./reason-of";

/** More are not worth the wait: each is a look at one example. */
const mostReasons = 10;

interface MistakesRequest {
  readonly folder: ModelFolder;
  readonly data: EvaluationData;
  readonly evaluation: Evaluation;
  readonly budget: PictureBudget;
  /** No more are begun after so many. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the worst mistakes of a model hung on, on the running device; leaves no tensor. Undefined where a model is of a kind that is
 * not explained: language models, rows of tables, and what `explain` refuses. Throws only where `signal` says so.
 */
export async function explainMistakes(request: MistakesRequest): Promise<Reasons | undefined> {
  const { folder, evaluation, signal } = request;
  const answers = worstAnswers(evaluation).slice(0, mostReasons);
  const { kind } = folder.description.input;
  if (answers.length === 0 || kind === "vector" || kind === "tokens") return undefined;
  const model = await folder.loadModel();
  try {
    return await explainEach(model, answers, request);
  } catch (error) {
    signal?.throwIfAborted();
    // A report is more than its maps.
    return error instanceof UsageError
      ? undefined
      : { list: [], left: 0, problem: `What the mistakes hung on is not shown: ${(error as Error).message}` };
  } finally {
    model.dispose();
  }
}

async function explainEach(
  model: tf.LayersModel,
  answers: readonly ExplainedAnswer[],
  { folder, data: { set, config }, budget, seconds, signal }: MistakesRequest,
): Promise<Reasons> {
  const preprocessing = modelPreprocessing(folder);
  const encoded = preprocessing.encode(set.inputs, {
    origin: (index) => set.origin(index),
    cache: config.data.cache,
    isReadOnce: true,
  });
  const isValue = folder.description.labels === null;
  const deadline = performance.now() + 1000 * seconds;
  const list: (Reason | undefined)[] = [];
  try {
    for (const answer of answers) {
      signal?.throwIfAborted();
      if (performance.now() > deadline) break;
      const input = await readOrSkip(() => encoded.read(Int32Array.of(answer.example), signal));
      const step = answer.word === undefined ? {} : { step: stepOf(set.targets, answer) };
      const request = { model, preprocessing, description: folder.description, output: answer.output, ...step, signal };
      const explained = input && { explanation: explainOne({ ...request, input }), preprocessing, input, isValue };
      list.push(explained && (await reasonOf(explained, budget)));
    }
  } finally {
    await encoded.close();
  }
  return { list, left: answers.length - list.length };
}

type OneRequest = Parameters<typeof explain>[0] & { readonly preprocessing: Preprocessing };

/** Transformers on images by where they look, where that can be told; all others as `dlctl explain` does it by itself. */
function explainOne(request: OneRequest): Explanation {
  const isAttending = request.preprocessing.record.kind === "image" && attendingLayers(request.model).length > 0;
  if (!isAttending) return explain(request);
  try {
    return explain({ ...request, method: "attention" });
  } catch (error) {
    if (error instanceof UsageError) return explain(request);
    throw error;
  }
}

/** Undefined where the example can't be read any more. */
async function readOrSkip(read: () => Promise<HostTensor>): Promise<HostTensor | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

/** The step of the word: of those that have a target. */
function stepOf(targets: EvaluationData["set"]["targets"], { example, word }: ExplainedAnswer): number {
  if (targets.kind !== "sequence") return 0;
  let left = word ?? 1;
  return targets.steps(example).findIndex((label) => label >= 0 && --left === 0);
}
