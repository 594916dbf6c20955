import { crop } from "./crop";
import { grayscale } from "./grayscale";
import { resize } from "./resize";

/** Every kind of image preprocessing; a new one is a line here. */
export const imageOpDefinitions = { resize, crop, grayscale } as const;

export type ImageOpType = keyof typeof imageOpDefinitions;
