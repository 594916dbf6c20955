import { z } from "zod";
import { ConfigError } from "../shared/errors";
import type { ExampleSet } from "./example-set";
import { keepReadable } from "./keep-readable";
import type { SourceContext, SourceDefinition } from "./sources/define-source";
import { type SourceType, sourceDefinitions } from "./sources/source-definitions";

/**
 * Strict schemas of `source` and its options, one for each kind, to be extended with the other keys of `data`. How the
 * classes are named (`labels`, and `labelNames` where `labels` is a file) is among the options: see `statedLabels`.
 */
export const sourceSchemas = {
  "image-folder": schemaOf(sourceDefinitions["image-folder"]),
  idx: schemaOf(sourceDefinitions.idx),
  csv: schemaOf(sourceDefinitions.csv),
  text: schemaOf(sourceDefinitions.text),
} satisfies Record<SourceType, z.ZodObject>;

function schemaOf<Type extends string, Options extends z.ZodRawShape>({
  type,
  options,
}: SourceDefinition<Type, Options>) {
  return z.strictObject({ source: z.literal(type), ...options });
}

/** `data` of a config: the source's options, and beside them what other parts read. */
interface DataConfig {
  readonly source: string;
  readonly labels?: string | readonly string[] | undefined;
  readonly labelNames?: readonly string[] | undefined;
  readonly onBadFile?: "error" | "skip" | undefined;
  readonly split?: { readonly by?: string | undefined } | undefined;
}

/** The class labels that a config states, in the model's order; undefined where the data decides. */
export function statedLabels({ labels, labelNames }: DataConfig): readonly string[] | undefined {
  return labelNames ?? (typeof labels === "string" ? undefined : labels);
}

/**
 * Opens the source that `data.source` names: every example listed and checked, nothing decoded unless bad files are to be skipped. Keys that are not the
 * source's are left to others, but for `split.by` and `onBadFile`. `context.labels` stands in where the config states none (evaluating
 * a model on other data). Throws DataError for data that is missing or unfit.
 */
export async function openSource(
  data: DataConfig,
  context: Omit<SourceContext, "labels" | "groupBy" | "isSkippingBadFiles"> & {
    readonly labels?: readonly string[] | undefined;
  },
): Promise<ExampleSet> {
  const { source } = data;
  if (!Object.hasOwn(sourceDefinitions, source)) throw new ConfigError(`data.source: there is no source "${source}"`);
  // Each definition takes its own options, which the line below has just parsed by its own schema.
  const definition = sourceDefinitions[source as SourceType] as unknown as SourceDefinition;
  const options = z.object(definition.options).parse(data);
  const isSkippingBadFiles = data.onBadFile === "skip";
  const set = await definition.open(options, {
    ...context,
    isSkippingBadFiles,
    labels: statedLabels(data) ?? (Array.isArray(context.labels) ? context.labels : undefined),
    groupBy: data.split?.by,
  });
  return isSkippingBadFiles ? keepReadable(set, context.signal) : set;
}
