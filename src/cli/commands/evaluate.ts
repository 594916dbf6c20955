import { Option } from "commander";
import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerEvaluate: RegisterCommand = (declare, run) => {
  declare("evaluate")
    .description("Measures a trained model on examples whose truth is known.")
    .argument("<model>", "a model folder")
    .argument(
      "[data]",
      "other data than the config's: a folder of class folders, a table, or IDX images; all of it counts",
    )
    .addOption(
      new Option("--split <name>", "the part of the data (default: test, else validation)").choices([
        "test",
        "validation",
        "train",
      ]),
    )
    .option(
      "--report [file]",
      "also writes a page with curves, pictures and all figures (default: run/report.html in the model's folder)",
    )
    .option("--batch-size <number>", "examples computed at once (default: 32)", parsePositive)
    .addOption(deviceOption())
    .action((model, data, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { evaluateCommand } = await import("../../commands/evaluate.js");
        await evaluateCommand(context, model, data, options);
      }),
    );
};
