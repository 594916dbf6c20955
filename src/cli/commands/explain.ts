import { Option } from "commander";
import { explainMethods } from "../../explain/explanation";
import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerExplain: RegisterCommand = (declare, run) => {
  declare("explain")
    .description("Shows which pixels, words, steps or features a trained model's answer hangs on.")
    .argument("<model>", "a model folder")
    .argument("[input...]", "files, folders, globs, or - for a list, texts or rows on standard input")
    .addOption(
      new Option(
        "--method <name>",
        "how it is found out (default: grad-cam for images and convolutions, else integrated-gradients)",
      ).choices(explainMethods),
    )
    .option("--class <name>", "the class or value to explain (default: the class that is predicted; the first value)")
    .option("--layer <name>", "grad-cam: the layer to look at (default: the last convolution)")
    .option("--step <number>", "models that tag words: the word whose tag is explained (default: 1)", parsePositive)
    .option("--text <text>", "a text to explain; may be given again", collect)
    .option("--output <path>", "a file or folder for the drawings (images: the current folder by default)")
    .addOption(deviceOption())
    .action((model, inputs, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { explainCommand } = await import("../../commands/explain.js");
        await explainCommand(context, model, inputs, options);
      }),
    );
};

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
