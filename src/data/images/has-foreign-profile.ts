const jpegMarker = Buffer.from("ICC_PROFILE\0", "latin1");

/** Of an ICC profile: the number of its tags, and the list of them, 12 bytes each (ICC.1:2022, 7.3). */
const tagCountAt = 128;
const tagBytes = 12;

/**
 * Whether an encoded image may hold a colour profile other than sRGB, so that its colours have to be converted. True
 * for what is no JPEG: there libvips looks. Most photographs with a profile have one named sRGB; converting from it takes
 * as long as decoding, and changes nothing, or a few of 255 where a camera maker's own sRGB is meant.
 */
export function hasForeignProfile(encoded: Buffer): boolean {
  if (encoded[0] !== 0xff || encoded[1] !== 0xd8) return true;
  const marker = encoded.indexOf(jpegMarker);
  if (marker < 0) return false;
  // After the marker stand the number of this part of the profile and of all parts, a byte each.
  return !/sRGB/.test(profileName(encoded.subarray(marker + jpegMarker.length + 2)));
}

/** The `desc` tag of a profile without what is not ASCII (newer profiles write two bytes a character); "" when there is none. */
function profileName(profile: Buffer): string {
  if (profile.length < tagCountAt + 4) return "";
  const count = Math.min(profile.readUInt32BE(tagCountAt), 100);
  for (let tag = tagCountAt + 4; tag < tagCountAt + 4 + count * tagBytes; tag += tagBytes) {
    if (tag + tagBytes > profile.length) break;
    if (profile.toString("latin1", tag, tag + 4) !== "desc") continue;
    const start = profile.readUInt32BE(tag + 4);
    return profile.toString("latin1", start, start + 64).replace(/[^\x20-\x7e]/g, "");
  }
  return "";
}
