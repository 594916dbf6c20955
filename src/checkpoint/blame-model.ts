import type { tf } from "../runtime/tf";
import { ModelFolderError, UserError } from "../shared/errors";
import { restoreHint } from "./read-model-file";

/**
 * Makes what a loaded model throws when it is run a ModelFolderError that names `file`, which describes it: much of a
 * layer's config is looked at only then. A lack of memory stays what it is.
 */
export function blameModel(model: tf.LayersModel, file: string): void {
  const apply = model.apply.bind(model);
  model.apply = (inputs, kwargs) => {
    try {
      return apply(inputs, kwargs);
    } catch (error) {
      if (error instanceof UserError || /\bOOM\b|alloc/i.test((error as Error).message)) throw error;
      throw new ModelFolderError(`${file} describes a model that can't be run${reasonOf(error as Error)}`, {
        hint: restoreHint,
        cause: error,
      });
    }
  };
}

/** Its first line, if it is one for people: of what tfjs stumbles over it often says "undefined". */
export function reasonOf({ message }: Error): string {
  const [line = ""] = message.split("\n", 1);
  const isTelling = line !== "" && line.length < 300 && !/undefined|of null|is not (a |iterable)|\[object/.test(line);
  return isTelling ? `: ${line}` : "";
}
