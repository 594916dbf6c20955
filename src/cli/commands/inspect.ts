import type { RegisterCommand } from "../program";

export const registerInspect: RegisterCommand = (declare, run) => {
  declare("inspect")
    .description("Shows the layers of a config or a trained model, with output shapes and parameters.")
    .argument("<config|model>", "a config file or a model folder")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .option("--diagram <file.svg>", "draw the layers, with what feeds what and their shapes")
    .action((path, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { inspectCommand } = await import("../../commands/inspect.js");
        await inspectCommand(context, path, overrides, options);
      }),
    );
};
