import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as tar from "tar";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const require = createRequire(import.meta.url);

/** Unpacks the image files of a tar or zip archive into `target`, which exists, under their paths in it. Returns these paths. */
export async function unpackImages(archive, target) {
  const paths = [];
  const wanted = (path) => {
    const isWanted = /\.(jpe?g|png)$/i.test(path) && !path.split("/").some((part) => part.startsWith("."));
    if (isWanted) paths.push(path);
    return isWanted;
  };
  if (archive.endsWith(".zip")) await unzip(archive, target, wanted);
  // tar itself refuses paths that lead out of the folder.
  else
    await tar.x({
      file: archive,
      cwd: target,
      strict: true,
      filter: (path, { type }) => type === "File" && wanted(path),
    });
  if (paths.length === 0) throw new Error(`${archive} has no JPEG or PNG files`);
  return paths;
}

async function unzip(archive, target, wanted) {
  const { extractZipEntry, readZipEntries } = require(join(root, "dist", "runtime", "provision", "zip-reader.js"));
  for (const entry of await readZipEntries(archive)) {
    if (!wanted(entry.name)) continue;
    const place = join(target, entry.name);
    if (!place.startsWith(target + sep)) throw new Error(`${archive} has a path that leads out of it: ${entry.name}`);
    await extractZipEntry(archive, entry, place);
  }
}
