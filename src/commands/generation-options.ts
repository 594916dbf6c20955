import type { DeviceRequest } from "../runtime/start-runtime";

export interface GenerateOptions {
  /** Texts to go on with. */
  readonly prompt?: readonly string[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly output?: string;
  readonly device?: DeviceRequest;
}

/** Those that are for language models alone, as they are typed. */
export function generationOptions({ prompt = [], maxTokens, temperature, topP, seed }: GenerateOptions): string[] {
  const given = {
    "--prompt": prompt.length > 0 || undefined,
    "--max-tokens": maxTokens,
    "--temperature": temperature,
    "--top-p": topP,
    "--seed": seed,
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
