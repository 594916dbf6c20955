import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerData: RegisterCommand = (declare, run) => {
  declare("data")
    .description(
      "Shows what a config's model will see: how much of what, how far spread, copies and look-alikes, samples.",
    )
    .argument("<config>", "the config file")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .option("--output <folder>", "write pictures there: a contact sheet of images, drawings of series")
    .option("--samples <number>", "examples to show (default: 10)", parsePositive)
    .option("--decode <number>", "images to decode for sizes, values and look-alikes (default: 2000)", parsePositive)
    .addOption(deviceOption())
    .action((config, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { dataCommand } = await import("../../commands/data.js");
        await dataCommand(context, config, overrides, options);
      }),
    );
};
