import type { ProgramLibrary } from "../../runtime/program-library";
import { addByteCasts } from "./add-byte-casts";
import { foldBatchNorms } from "./fold-batch-norms";
import { foldConstants } from "./fold-constants";
import { fuseConvolutions } from "./fuse-convolutions";
import { fuseProducts } from "./fuse-products";
import { joinReshapes } from "./join-reshapes";
import type { ProgramInput } from "./program";
import { dropUnused, type ProgramGraph } from "./program-graph";

/** Makes of what TensorFlow.js computed what is best run by native/ops and native/program. */
export function optimizeProgram(library: ProgramLibrary, graph: ProgramGraph, inputs: readonly ProgramInput[]): void {
  addByteCasts(graph, inputs);
  foldConstants(library, graph);
  // What is left behind unused by one would be in the way of the next: it takes what it takes.
  for (const pass of [joinReshapes, foldBatchNorms, fuseConvolutions, fuseProducts, joinReshapes]) {
    pass(graph);
    dropUnused(graph);
  }
}
