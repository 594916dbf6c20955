/** Red, green and blue, each 0 to 255. */
type Rgb = readonly [number, number, number];

/** `#1b1f24`. */
export type HexColour = `#${string}`;

/** Contrast of two colours as WCAG 2.2 defines it: 1 for the same, 21 for black on white. */
export function contrast(a: HexColour, b: HexColour): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour `part` of the way from `a` to `b`, in sRGB. */
export function mix(a: HexColour, b: HexColour, part: number): HexColour {
  const [from, to] = [parse(a), parse(b)];
  const mixed = from.map((value, index) => Math.round(value + ((to[index] as number) - value) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever is easier to read on the colour. */
export function textOn(colour: HexColour): HexColour {
  return contrast(colour, "#000000") >= contrast(colour, "#ffffff") ? "#000000" : "#ffffff";
}

function luminance(colour: HexColour): number {
  const [red, green, blue] = parse(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(colour: HexColour): Rgb {
  const byte = (index: number) => Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
  return [byte(0), byte(1), byte(2)];
}
