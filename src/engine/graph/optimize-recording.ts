import type { NativeBinding } from "../../runtime/native-backend";
import { nativeBackend } from "../../runtime/native-ops";
import { fuseBatchNorms } from "./fuse-batch-norms";
import { fuseConvolutions } from "./fuse-convolutions";
import type { Recording } from "./recording";

/** The recording as it is best run here: with our own operations where they are loaded. */
export function optimizeRecording(recording: Recording, binding: NativeBinding): Recording {
  return nativeBackend()?.hasOwnOps ? fuseBatchNorms(fuseConvolutions(recording, binding)) : recording;
}
