import type { z } from "zod";
import type { configSchema } from "../config/config-schema";

/** A config to begin with. */
export interface Template {
  /** What it is for, in half a sentence. */
  readonly description: string;
  /** One sentence for the user: which data to put where. */
  readonly data: string;
  /** A valid config as people write it; the name is put before it. */
  readonly config: Omit<z.input<typeof configSchema>, "name" | "$schema">;
}
