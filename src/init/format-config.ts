const widest = 110;

/** JSON as people write configs: what fits on a line stands on one, so that a layer is a line. Ends with a newline. */
export function formatConfig(config: unknown): string {
  // The outermost objects are always opened, however short.
  return `${format(config, "", 2)}\n`;
}

function format(value: unknown, indent: string, openLevels: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const line = inline(value);
  if ((openLevels <= 0 || Array.isArray(value)) && indent.length + line.length <= widest && !holdsObjects(value))
    return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => format(item, inner, 0))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${format(item, inner, openLevels - 1)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return parts.length === 0
    ? `${open}${close}`
    : `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

const holdsObjects = (value: object) =>
  Object.values(value).some((item) => Array.isArray(item) && item.some((each) => typeof each === "object"));

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
