import { loadPhotoAddon } from "../../runtime/photo-addon";
import { isAsSharp } from "./is-as-sharp";
import { loadSharp } from "./load-sharp";
import { type PhotoReader, photoReader } from "./photo-reader";

/**
 * A reader that has been seen to make the pixels that sharp makes; undefined where there is none (`dlctl setup` compiles it),
 * or another libvips resizes otherwise. Takes 20 ms: worth it for many photographs.
 */
export async function openPhotoReader(): Promise<PhotoReader | undefined> {
  // The addon takes libvips' functions from this process.
  await loadSharp();
  const addon = loadPhotoAddon();
  const reader = addon && photoReader(addon);
  return reader && (await isAsSharp(reader)) ? reader : undefined;
}
