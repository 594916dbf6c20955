import { InvalidArgumentError } from "commander";

/** Reads an option's value that must be a whole number above 0. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}

/** Reads an option's value that must be a whole number, 0 or more. */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 2 ** 31 - 1) return value;
  throw new InvalidArgumentError("It must be a whole number from 0 to 2147483647.");
}

/** Reads an option's value that must be a port; 0 is any that is free. */
export function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65535) return value;
  throw new InvalidArgumentError("It must be a port, from 0 (any that is free) to 65535.");
}
