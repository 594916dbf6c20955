import { z } from "zod";

/** What a list of kinds (losses, metrics, optimizers, schedules) needs to become a schema. */
interface Kind {
  readonly type: string;
  readonly description: string;
  readonly options: z.ZodRawShape;
}

/** One of the kinds with its options, defaults filled in. */
export type KindConfig<Definitions extends Record<string, Kind>> = {
  [Name in keyof Definitions]: { type: Name } & z.output<z.ZodObject<Definitions[Name]["options"]>>;
}[keyof Definitions];

/** What people may write for it: the object, or the name alone. */
type KindInput<Definitions extends Record<string, Kind>> =
  | string
  | {
      [Name in keyof Definitions]: { type: Name } & z.input<z.ZodObject<Definitions[Name]["options"]>>;
    }[keyof Definitions];

/**
 * The schema of "one of these kinds": `{ "type": name, ...options }`, strict, defaults filled in; or the name alone for
 * a kind that needs no option. `aliases` are other names that stand for a config, allowed alone only.
 */
export function kindSchema<Definitions extends Record<string, Kind>>(
  definitions: Definitions,
  aliases: Readonly<Record<string, { readonly type: keyof Definitions & string } & Record<string, unknown>>> = {},
): z.ZodType<KindConfig<Definitions>, KindInput<Definitions>> {
  const objects = Object.values(definitions).map(({ type, description, options }) =>
    z.strictObject({ type: z.literal(type), ...options }).describe(description),
  );
  const object = z.discriminatedUnion("type", objects as [(typeof objects)[number]]);
  const alone = Object.keys(definitions).filter((type) => object.safeParse({ type }).success);
  const name = z
    .enum([...alone, ...Object.keys(aliases)])
    .transform((given): { type: string } => aliases[given] ?? { type: given })
    .pipe(object);
  return z.union([name, object]) as unknown as z.ZodType<KindConfig<Definitions>, KindInput<Definitions>>;
}
