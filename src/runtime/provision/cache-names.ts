import type { NativeDevice } from "../installed-runtime";

/** Held while a runtime is made or removed. */
export const setupLockName = "setup.lock";

/** Of the folders in which runtimes are made. */
export const stagingPrefix = ".setup-";

/** Of the folders that hold a device's libtensorflow; its version follows. */
export const libraryPrefix = (device: NativeDevice) => `libtensorflow-${device}-${process.platform}-${process.arch}-`;

/** Of the folders that hold CUDA's libraries; the pins' name follows. */
export const cudaPrefix = `cuda-${process.platform}-${process.arch}-`;
