import type { z } from "zod";

/** Size and channels of a decoded image; a size is null where it differs from image to image. */
export interface ImageFormat {
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: 1 | 3;
}

/** Decoded 8-bit pixels, `[height, width, channels]`, row-major. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** One kind of image preprocessing, whole. Training and prediction run the same. */
export interface ImageOpDefinition<Type extends string = string, Options extends z.ZodRawShape = z.ZodRawShape> {
  /** `op` in configs. */
  readonly type: Type;
  readonly description: string;
  readonly options: Options;
  /** What comes out for what comes in; a sentence when it can't be done (a crop larger than the image). */
  format(options: z.output<z.ZodObject<Options>>, input: ImageFormat): ImageFormat | string;
  /** Deterministic. Throws DataError when this image can't be processed. */
  apply(options: z.output<z.ZodObject<Options>>, input: Pixels): Promise<Pixels>;
}

/** Gives the definition back with the types of its options inferred. */
export function defineImageOp<const Type extends string, Options extends z.ZodRawShape>(
  definition: ImageOpDefinition<Type, Options>,
): ImageOpDefinition<Type, Options> {
  return definition;
}
