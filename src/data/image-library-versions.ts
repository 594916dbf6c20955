/** The versions of sharp and of the libvips in it; null where sharp does not load. Never throws. */
export async function imageLibraryVersions(): Promise<{ sharp: string | null; libvips: string | null }> {
  try {
    const { default: sharp } = await import("sharp");
    return { sharp: sharp.versions.sharp ?? null, libvips: sharp.versions.vips };
  } catch {
    // A missing platform package is thrown while loading.
    return { sharp: null, libvips: null };
  }
}
