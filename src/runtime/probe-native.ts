// Run as a program in a child process (`node probe-native.js <addon>`): loads the addon, multiplies two matrices and
// prints one JSON line. A libtensorflow that aborts, or that needs instructions this CPU lacks, takes only the child
// with it. Uses nothing but the addon, so that it also tells whether tfjs is to blame.

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

const binding = require(String(process.argv[2])) as ProbedBinding;
const matrix = (values: number[]) => binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array(values));
const [product] = binding.executeOp(
  "MatMul",
  [
    { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
    { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: false },
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ],
  [matrix([1, 2, 3, 4]), matrix([5, 6, 7, 8])],
  1,
);
const values = product ? Array.from(binding.tensorDataSync(product.id)) : [];
process.stdout.write(
  `${JSON.stringify({ version: binding.TF_Version, isUsingGpu: binding.isUsingGpuDevice(), values })}\n`,
);
