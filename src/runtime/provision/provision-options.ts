import type { NativeDevice } from "../installed-runtime";
import type { ProvisionReporter } from "./provision-reporter";

export interface ProvisionOptions {
  readonly reporter: ProvisionReporter;
  /** What is to compute: the CPU by default. */
  readonly device?: NativeDevice | undefined;
  /** For a GPU: a folder with the CUDA libraries, or `pip` to get them whatever this system has. */
  readonly cuda?: string | undefined;
  /** A folder that holds libtensorflow: the only route taken then. */
  readonly from?: string | undefined;
  /** Gets and builds everything anew, also where a working runtime is there. */
  readonly isForced?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Where a runtime is made. */
export interface Workplace {
  /** The user's cache folder, in which the runtime is put by rename. */
  readonly cache: string;
  /** A folder in it, empty at first, that goes with all that is left there. */
  readonly staging: string;
}
