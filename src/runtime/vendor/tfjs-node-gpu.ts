// The JavaScript half of @tensorflow/tfjs-node-gpu, without its index.js: that one looks for the addon inside
// node_modules, while dlctl keeps the addon it builds in the user cache.
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels";

export { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
