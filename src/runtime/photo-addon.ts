import { findInstalledRuntime } from "./installed-runtime";

/** What native/photos/addon.cc exports. */
export interface PhotoAddon {
  /**
   * Fills `out` with the pixels of a JPEG or PNG file's bytes, `[height, width, 3]`. False for whatever it does not do, damage
   * included; what `out` holds then means nothing. `numbers` are those that addon.cc names.
   */
  read(bytes: Uint8Array, numbers: Int32Array, out: Uint8Array): Promise<boolean>;
}

/**
 * The addon that `dlctl setup` has compiled; undefined without it, and with DLCTL_NATIVE_OPS=off. It takes libvips' functions
 * from this process, where sharp must have been loaded.
 */
export function loadPhotoAddon(): PhotoAddon | undefined {
  if (process.env.DLCTL_NATIVE_OPS === "off") return undefined;
  try {
    const runtime = findInstalledRuntime("cpu") ?? findInstalledRuntime("gpu");
    return runtime && (require(runtime.photosPath) as PhotoAddon);
  } catch {
    // It is an accelerator: sharp does the same, slower.
    return undefined;
  }
}
