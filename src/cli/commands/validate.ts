import type { RegisterCommand } from "../program";

export const registerValidate: RegisterCommand = (declare, run) => {
  declare("validate")
    .description("Checks a config, its shapes and its data without training.")
    .argument("<config>", "the config file")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .option("--no-data", "do not look at the data")
    .action((config, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { validateCommand } = await import("../../commands/validate.js");
        await validateCommand(context, config, overrides, options);
      }),
    );
};
