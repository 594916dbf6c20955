import { read } from "node:fs";
import { promisify } from "node:util";

const readSome = promisify(read);

/** Fills `target` from `position` on; false when the file ends before that, or can't be read. */
export async function readWhole(file: number, target: Uint8Array, position: number): Promise<boolean> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await readSome(file, target, done, target.length - done, position + done).catch(nothing);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

const nothing = () => ({ bytesRead: 0 });
