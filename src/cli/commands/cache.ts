import { Option } from "commander";
import type { RegisterCommand } from "../program";

export const registerCache: RegisterCommand = (declare, run) => {
  declare("cache")
    .description(
      "Shows what is kept outside projects (decoded images, tokens of texts, compiled models, runtimes), and clears it.",
    )
    .option("--clear", "remove all but the runtimes that may be in use")
    .addOption(new Option("--clear-data", "remove decoded images and tokens only").conflicts("clear"))
    .action((options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { cacheCommand } = await import("../../commands/cache.js");
        await cacheCommand(context, options);
      }),
    );
};
