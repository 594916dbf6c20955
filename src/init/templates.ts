import { cnn } from "./cnn";
import type { Template } from "./define-template";
import { forecast } from "./forecast";
import { mlp } from "./mlp";
import { rnn } from "./rnn";
import { transformer } from "./transformer";

/** Every template of `dlctl init`; a new one is a new file and a line here. */
export const templates = { cnn, rnn, transformer, forecast, mlp } as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;
