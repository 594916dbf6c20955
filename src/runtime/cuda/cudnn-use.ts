/** The environment variable that turns cuDNN's recurrent kernels `off`. */
const variable = "DLCTL_CUDNN_RNN";

let areProven = false;

/** Tells this process whether cuDNN's recurrent kernels are proven on the GPU that it computes on (prove-cudnn.ts). */
export function useCudnn(isProven: boolean): void {
  areProven = isProven;
}

/** Whether recurrent layers may be computed by cuDNN. DLCTL_CUDNN_RNN=off also turns it off in a running process. */
export function usesCudnn(): boolean {
  return areProven && process.env[variable] !== "off";
}
