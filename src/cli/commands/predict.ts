import { InvalidArgumentError } from "commander";
import { deviceOption } from "../device-option";
import { parsePositive, parseSeed } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerPredict: RegisterCommand = (declare, run) => {
  declare("predict")
    .description(
      "Says what a trained model sees in images, in texts, or in the rows of tables; a language model goes on with a text.",
    )
    .argument("<model>", "a model folder")
    .argument("[input...]", "files, folders, globs, or - for a list, texts or rows on standard input")
    .option("--text <text>", "a text to predict; may be given again", collect)
    .option("--top-k <number>", "how many labels to list for each input; tokens to choose from", parsePositive)
    .option("--prompt <text>", "language models: a text to go on with; may be given again", collect)
    .option("--max-tokens <number>", "language models: how many tokens to add (default: 200)", parsePositive)
    .option("--temperature <number>", "language models: 0 takes the likeliest token (default: 0.8)", parseTemperature)
    .option("--top-p <share>", "language models: take the likeliest tokens that share this probability", parseShare)
    .option("--seed <number>", "language models: decides what is drawn (default: 0)", parseSeed)
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

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function parseTemperature(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 100.");
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number above 0, up to 1.");
}
