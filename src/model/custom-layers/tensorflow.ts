import type { tf } from "../../runtime/tf";

/**
 * A TensorFlow.js: dlctl's own, or the plain one that somebody opens a model folder with. What this folder holds takes it as an
 * argument and imports nothing that runs, because all of it is shipped in model folders as one file (`dlctl-layers.js`).
 */
export type Tf = typeof tf;

/** The arguments of the base class of all layers. */
export type LayerArguments = NonNullable<ConstructorParameters<Tf["layers"]["Layer"]>[0]>;

/** What a layer's `call` is given beside its inputs. */
export type CallArguments = Parameters<InstanceType<Tf["layers"]["Layer"]>["call"]>[1];
