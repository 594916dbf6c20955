import type { RegisterCommand } from "../program";

export const registerCompare: RegisterCommand = (declare, run) => {
  declare("compare")
    .description("Says where two models or runs differ: config, data, preprocessing, weights, metrics, history.")
    .argument("<a>", "a model folder, finished or not")
    .argument("<b>", "another one")
    .action((a, b, _options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { compareCommand } = await import("../../commands/compare.js");
        await compareCommand(context, a, b);
      }),
    );
};
