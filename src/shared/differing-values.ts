/** A place in two JSON values where they are not the same; undefined where one has nothing there. */
export interface DifferingValue {
  readonly path: readonly (string | number)[];
  readonly a: unknown;
  readonly b: unknown;
}

/** Every place in which two JSON values differ, objects by their keys in order of the first, lists by position. */
export function differingValues(a: unknown, b: unknown, path: readonly (string | number)[] = []): DifferingValue[] {
  if (Object.is(a, b)) return [];
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, index) => differingValues(a[index], b[index], [...path, index])).flat();
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differingValues(own(a, key), own(b, key), [...path, key]));
  }
  return [{ path, a, b }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const own = (value: Record<string, unknown>, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);
