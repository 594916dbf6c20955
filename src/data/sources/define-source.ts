import type { z } from "zod";
import type { ExampleSet } from "../example-set";

export interface SourceContext {
  /** Relative paths in the config are relative to this folder: the config file's. */
  readonly baseFolder: string;
  /** `data.labels`, which names and orders the classes. */
  readonly labels: readonly string[] | undefined;
  /** `data.split.by`: the column whose value is an example's group. */
  readonly groupBy?: string | undefined;
  /** Images that can't be read are left out afterwards, so that a missing file is no error. */
  readonly isSkippingBadFiles?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** One kind of data source, whole: its name in configs, its options, and how it is opened. */
export interface SourceDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  readonly type: Type;
  /** One sentence for the docs. */
  readonly description: string;
  /** Keys beside `source` in `data`. */
  readonly options: Options;
  /** Which of them are paths: in a config relative to its file, on the command line to the current folder. */
  readonly paths: readonly (keyof Options & string)[];
  /** Lists and checks all examples; images are not decoded yet. Throws DataError naming the file, and what to do. */
  open(options: z.output<z.ZodObject<Options>>, context: SourceContext): Promise<ExampleSet>;
}

/** Keeps the exact types of a definition's name and options. */
export function defineSource<const Type extends string, Options extends z.ZodRawShape>(
  definition: SourceDefinition<Type, Options>,
): SourceDefinition<Type, Options> {
  return definition;
}
