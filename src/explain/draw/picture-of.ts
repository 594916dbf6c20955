import type { Pixels } from "../../data/images/define-image-op";
import { encodePng } from "../../data/images/encode-png";
import type { Explanation, HeatMap } from "../explanation";
import { layOver } from "./lay-over";
import { enlarge, tile } from "./tiles";

/** Small images are shown enlarged, until their shorter side has about so many pixels. */
const comfortable = 224;
const comfortableHead = 112;

/**
 * A PNG that shows an explanation of an image: the image as the model takes it, and the map over it; of attention also each head's
 * shares, a row for each layer, the first layer on top.
 */
export async function pictureOf(pixels: Pixels, { map, attention = [], patches }: Explanation): Promise<Buffer> {
  const large = enlarge(pixels, factorFor(pixels, comfortable));
  if (attention.length === 0 || !patches) return encodePng(tile([[large, layOver(large, map)]]));
  const small = enlarge(pixels, factorFor(pixels, comfortableHead));
  const { rows, columns, added } = patches;
  const shares = (head: Float32Array): HeatMap => ({
    values: head.subarray(added, added + rows * columns),
    shape: [rows, columns],
    isSigned: false,
  });
  return encodePng(
    tile([
      [small, layOver(small, map)],
      ...attention.map(({ heads }) => heads.map((head) => layOver(small, shares(head)))),
    ]),
  );
}

/** The map over the image, enlarged to about `size` pixels where it is smaller. */
export function overlayOf(pixels: Pixels, map: HeatMap, size: number): Pixels {
  return layOver(enlarge(pixels, factorFor(pixels, size)), map);
}

const factorFor = ({ width, height }: Pixels, size: number) => Math.max(1, Math.round(size / Math.min(width, height)));
