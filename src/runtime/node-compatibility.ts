import util from "node:util";

/**
 * Gives `node:util` the two functions that tfjs-node 4.22 calls and Node 23 removed (tensorflow/tfjs#8425). Defined on
 * every Node, because the older ones print a deprecation warning when theirs are called. Call it before tfjs-node loads.
 */
export function restoreRemovedUtilFunctions(): void {
  const define = (name: string, value: (input: unknown) => boolean) =>
    Object.defineProperty(util, name, { value, configurable: true, writable: true });
  define("isArray", Array.isArray);
  define("isNullOrUndefined", (input) => input === null || input === undefined);
}
