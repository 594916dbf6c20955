import { statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { UsageError } from "../shared/errors";

type NameOf = (input: string, method: string, row: number | undefined) => string;

/** Longer names of inputs are cut: a text may be one. */
const longest = 60;

/**
 * Names for the drawings of inputs, each another: `bag.grad-cam.png` in the current folder, or in the folder `output`; `output` itself
 * where it ends as the drawings do, for one input. Throws UsageError at the second input of a file.
 */
export function drawingNames(output: string | undefined, ending: string): NameOf {
  const isFolder = output === undefined || statSync(output, { throwIfNoEntry: false })?.isDirectory() === true;
  const other = isFolder ? undefined : otherEnding(output, ending);
  if (other !== undefined) {
    throw new UsageError(`The drawings are .${ending} files, and ${output} ends in ${other}`, {
      hint: `Name a folder, or a file that ends in .${ending}.`,
    });
  }
  const used = new Set<string>();
  if (!isFolder && extname(output).toLowerCase() === `.${ending}`) {
    return () => {
      if (used.size > 0) {
        throw new UsageError(`${output} can't hold the drawings of several inputs`, { hint: "Name a folder." });
      }
      used.add(output);
      return output;
    };
  }
  return (input, method, row) => {
    const stem = `${stemOf(input)}${row === undefined ? "" : `-row-${row}`}.${method}`;
    let name = `${stem}.${ending}`;
    for (let number = 2; used.has(name); number++) name = `${stem}-${number}.${ending}`;
    used.add(name);
    return output === undefined ? name : join(output, name);
  };
}

/** Of a file that is of another kind than the drawings. */
function otherEnding(path: string, ending: string): string | undefined {
  const own = extname(path).toLowerCase();
  return /^\.(png|jpe?g|webp|gif|svg|html?|pdf|json)$/.test(own) && own !== `.${ending}` ? own : undefined;
}

/** What may be a file's name on any system. */
function stemOf(input: string): string {
  const name = basename(input);
  const plain = name
    .slice(0, name.length - extname(name).length)
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  return Array.from(plain).slice(0, longest).join("") || "input";
}
