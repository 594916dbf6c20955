import type { RegisterCommand } from "../program";

export const registerInspect: RegisterCommand = (declare, run) => {
  declare("inspect")
    .description("Shows the layers of a config or a trained model, with output shapes and parameters.")
    .argument("<config|model>", "a config file or a model folder")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .action((path, overrides, _options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { inspectCommand } = await import("../../commands/inspect.js");
        await inspectCommand(context, path, overrides);
      }),
    );
};
