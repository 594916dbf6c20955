import { z } from "zod";

/** What a list of ops needs to become schemas. */
interface Op {
  readonly type: string;
  readonly description: string;
  readonly options: z.ZodRawShape;
}

type OpSchema<Definition extends Op> = Definition extends Op
  ? z.ZodObject<{ op: z.ZodLiteral<Definition["type"]> } & Definition["options"], z.core.$strict>
  : never;

/** The schema of each op of a list, for `z.discriminatedUnion("op", ...)`: `{ "op": name, ...options }`, strict. */
export function opSchemas<Definitions extends Record<string, Op>>(
  definitions: Definitions,
): readonly [OpSchema<Definitions[keyof Definitions]>, ...OpSchema<Definitions[keyof Definitions]>[]] {
  const schemas = Object.values(definitions).map(({ type, description, options }) =>
    z.strictObject({ op: z.literal(type), ...options }).describe(description),
  );
  // That each object has its own definition's keys is more than TypeScript can follow.
  return schemas as unknown as ReturnType<typeof opSchemas<Definitions>>;
}
