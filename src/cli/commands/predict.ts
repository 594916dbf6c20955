import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerPredict: RegisterCommand = (declare, run) => {
  declare("predict")
    .description("Says what a trained model sees in images, or in the rows of tables.")
    .argument("<model>", "a model folder")
    .argument("<input...>", "files, folders, globs, or - for a list of paths on standard input")
    .option("--top-k <number>", "how many labels to list for each input", parsePositive)
    .option("--output <file>", "write the predictions to a file: CSV by its ending, else JSON lines")
    .option("--batch-size <number>", "inputs computed at once (default: 32)", parsePositive)
    .addOption(deviceOption())
    .action((model, inputs, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { predictCommand } = await import("../../commands/predict.js");
        await predictCommand(context, model, inputs, options);
      }),
    );
};
