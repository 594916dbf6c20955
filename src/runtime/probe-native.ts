// Run as a program in a child process (`node probe-native.js <addon> [<own operations> [<CUDA as JSON>]]`): loads the CUDA
// libraries where there are some, and the addon, multiplies two matrices, by one of dlctl's own operations where their library is
// named, and prints one JSON line. A libtensorflow that aborts, or that needs instructions this CPU lacks, takes only the child
// with it. Uses nothing but the addon, so that it also tells whether tfjs is to blame.
import { loadCudaLibraries } from "./cuda/cuda-addon";
import type { OwnOpsLibrary } from "./own-ops";
import type { AddonProbeOptions } from "./probe-addon";

interface ProbedBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  createTensor(shape: number[], dtype: number, values: Float32Array): number;
  executeOp(name: string, attributes: object[], inputs: number[], outputCount: number): { id: number }[];
  tensorDataSync(id: number): Float32Array;
  isUsingGpuDevice(): boolean;
}

const [addon = "", ownOps = "", cudaText = "null"] = process.argv.slice(2);
const cuda = JSON.parse(cudaText) as AddonProbeOptions["cuda"] | null;
if (cuda) loadCudaLibraries(cuda.addonPath, cuda.libraries);
const binding = require(addon) as ProbedBinding;
if (ownOps !== "") (require(ownOps) as OwnOpsLibrary).registerWithTensorflow(addon);
const matrix = (values: number[]) => binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array(values));
const matMul = [
  { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
  { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: false },
  { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
];
// The own operation multiplies by the transpose of its first matrix.
const [product] =
  ownOps === ""
    ? binding.executeOp("MatMul", matMul, [matrix([1, 2, 3, 4]), matrix([5, 6, 7, 8])], 1)
    : binding.executeOp("DlctlDenseGradient", [], [matrix([1, 3, 2, 4]), matrix([5, 6, 7, 8])], 2);
const values = product ? Array.from(binding.tensorDataSync(product.id)) : [];
process.stdout.write(
  `${JSON.stringify({ version: binding.TF_Version, isUsingGpu: binding.isUsingGpuDevice(), values })}\n`,
);
