import type { Region } from "./occlusion";

/** A window of an image has this part of its shorter side, and moves by half of itself. */
const partsOfImage = 7;
const partsOfSeries = 24;

/** What occlusion covers of an input of `shape`, no batch axis, as it is at its place; `positions`: those that are no padding. */
export function coveredRegions(
  kind: "image" | "steps" | "tokens" | "features",
  shape: readonly number[],
  positions: readonly number[],
): readonly Region[] {
  const [first = 1, second = 1, third = 1] = shape;
  switch (kind) {
    case "image":
      return imageWindows(first, second, third);
    case "features":
      return Array.from({ length: first }, (_, index) => Int32Array.of(index));
    case "tokens":
      return positions.map((position) => rangeOf(position * second, second));
    case "steps": {
      const length = Math.max(1, Math.round(positions.length / partsOfSeries));
      return startsOf(positions.length, length).map((start) =>
        concatenate(positions.slice(start, start + length).map((position) => rangeOf(position * second, second))),
      );
    }
  }
}

function imageWindows(height: number, width: number, channels: number): Region[] {
  const size = Math.max(1, Math.round(Math.min(height, width) / partsOfImage));
  return startsOf(height, size).flatMap((top) =>
    startsOf(width, size).map((left) =>
      concatenate(
        Array.from({ length: Math.min(size, height - top) }, (_, row) =>
          rangeOf(((top + row) * width + left) * channels, Math.min(size, width - left) * channels),
        ),
      ),
    ),
  );
}

/** From 0 on by half a window, and one that ends where all ends. */
function startsOf(length: number, size: number): number[] {
  const stride = Math.max(1, Math.floor(size / 2));
  const last = Math.max(0, length - size);
  const starts: number[] = [];
  for (let start = 0; start < last; start += stride) starts.push(start);
  return [...starts, last];
}

const rangeOf = (start: number, length: number) => Int32Array.from({ length }, (_, index) => start + index);

const concatenate = (parts: readonly Int32Array[]) => Int32Array.from(parts.flatMap((part) => [...part]));
