import type { MarkedText } from "../commands/context";
import type { Colors } from "./colors";

/**
 * A piece of text in the colour of its weight: red where it is positive, blue where it is negative, stronger with its size. As it is where
 * there are no colours.
 */
export function markText({ text, weight }: MarkedText, colors: Colors): string {
  const size = Math.abs(weight);
  if (size < 0.12) return text;
  const isFor = weight > 0;
  if (size > 0.66) return colors.bold(isFor ? colors.bgRed(colors.white(text)) : colors.bgBlue(colors.white(text)));
  const colored = isFor ? colors.red(text) : colors.blue(text);
  return size > 0.33 ? colors.bold(colored) : colored;
}
