// Run as a program in a child process (`node examine-cuda.js <addon> <libraries as JSON>`): loads the driver and the CUDA
// libraries and prints what it found as one JSON line. A library that breaks takes only the child with it, and the
// process that computes is still free to choose its GPU, which CUDA allows before the driver starts only.
import { loadCudaLibraries, readDriver } from "./cuda-addon";
import type { CudaLibrary } from "./cuda-libraries";

const [addon = "", libraries = "[]"] = process.argv.slice(2);
const loaded = loadCudaLibraries(addon, JSON.parse(libraries) as CudaLibrary[]);
process.stdout.write(`${JSON.stringify({ driver: readDriver(addon), libraries: loaded })}\n`);
