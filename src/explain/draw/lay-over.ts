import type { Pixels } from "../../data/images/define-image-op";
import type { HeatMap } from "../explanation";
import { heatColour, heatScale } from "./heat-colour";
import { resizeMap } from "./resize-map";

/** A map's colours over an image in colour, of which the shades of gray are left. */
export function layOver({ data, width, height }: Pixels, map: HeatMap): Pixels {
  const scale = heatScale(map.values);
  const heat = resizeMap(map, height, width);
  const over = new Uint8Array(data.length);
  for (let place = 0; place < width * height; place++) {
    const [r = 0, g = 0, b = 0] = data.subarray(place * 3, place * 3 + 3);
    const gray = 30 + 0.75 * (0.2126 * r + 0.7152 * g + 0.0722 * b);
    const [red, green, blue, share] = heatColour((heat[place] as number) / scale);
    over[place * 3] = gray * (1 - share) + red * share;
    over[place * 3 + 1] = gray * (1 - share) + green * share;
    over[place * 3 + 2] = gray * (1 - share) + blue * share;
  }
  return { data: over, width, height, channels: 3 };
}
