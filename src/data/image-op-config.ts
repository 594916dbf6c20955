import { z } from "zod";
import type { ImageFormat, ImageOpDefinition, Pixels } from "./images/define-image-op";
import { imageOpDefinitions } from "./images/image-op-definitions";
import { opSchemas } from "./op-schemas";

/** The schema of each kind, for unions with other ops. */
export const imageOpSchemas = opSchemas(imageOpDefinitions);

export const imageOpSchema = z.discriminatedUnion("op", imageOpSchemas);

export type ImageOpConfig = z.output<typeof imageOpSchema>;

export function isImageOp(config: { readonly op: string }): config is ImageOpConfig {
  return Object.hasOwn(imageOpDefinitions, config.op);
}

/** What `config` makes of images of `input`'s format; a sentence when it can't be done. */
export function imageOpFormat(config: ImageOpConfig, input: ImageFormat): ImageFormat | string {
  return definitionOf(config).format(config, input);
}

/** Runs one op on one image; see ImageOpDefinition. */
export function applyImageOp(config: ImageOpConfig, input: Pixels): Promise<Pixels> {
  return definitionOf(config).apply(config, input);
}

/** The schema has checked that the options are those of the op, which the type of a looked-up definition can't say. */
function definitionOf(config: ImageOpConfig): ImageOpDefinition<string, Record<string, z.ZodType>> {
  return imageOpDefinitions[config.op] as unknown as ImageOpDefinition<string, Record<string, z.ZodType>>;
}
