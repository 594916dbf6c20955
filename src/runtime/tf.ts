/**
 * TensorFlow.js. Everything in dlctl takes it from here, so that the backend registered by `startRuntime` is the one
 * that computes, and so that only `src/runtime` knows which packages it is made of.
 */
export * as tf from "#tfjs";
