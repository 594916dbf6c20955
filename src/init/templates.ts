import { cnn } from "./cnn";
import type { Template } from "./define-template";
import { mlp } from "./mlp";

/** Every template of `dlctl init`; a new one is a new file and a line here. */
export const templates = { cnn, mlp } as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;
