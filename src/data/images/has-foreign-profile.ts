const jpegMarker = Buffer.from("ICC_PROFILE\0", "latin1");
const asciiName = Buffer.from("sRGB", "latin1");
const wideName = Buffer.from("\0s\0R\0G\0B", "latin1");

/** The longest that a profile's segment can be, and where descriptions stand in the files cameras write. */
const segmentBytes = 65_536;

/**
 * Whether an encoded image may hold a colour profile other than sRGB, so that its colours have to be converted. True
 * for what is no JPEG: there libvips looks. Half of all photographs hold sRGB's own profile; converting from that takes
 * as long as decoding and changes nothing but roundings.
 */
export function hasForeignProfile(encoded: Buffer): boolean {
  if (encoded[0] !== 0xff || encoded[1] !== 0xd8) return true;
  const start = encoded.indexOf(jpegMarker);
  if (start < 0) return false;
  const profile = encoded.subarray(start, start + segmentBytes);
  return profile.indexOf(asciiName) < 0 && profile.indexOf(wideName) < 0;
}
