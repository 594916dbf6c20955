import { csv } from "./csv";
import { idx } from "./idx";
import { imageFolder } from "./image-folder";
import { text } from "./text";

/** Every kind of data source. A new one is a new file and a line here. */
export const sourceDefinitions = { "image-folder": imageFolder, idx, csv, text } as const;

export type SourceType = keyof typeof sourceDefinitions;
