import { customLayers } from "./custom-layers";
import type { defineGru } from "./define-gru";

/** The class of GRUs with `resetAfter`, registered with tfjs so that models that have one can be loaded. */
export const gruClass = (): ReturnType<typeof defineGru> => customLayers().DlctlGRU;
