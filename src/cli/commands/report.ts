import { Option } from "commander";
import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerReport: RegisterCommand = (declare, run) => {
  declare("report")
    .description(
      "Writes what a model learned as one HTML page: curves, evaluation, data, layers; of several side by side.",
    )
    .argument("<model...>", "model folders; of several the page shows what differs")
    .option("--output <file>", "the file to write (default: run/report.html in the model's folder)")
    .addOption(
      new Option("--split <name>", "the part of the data to evaluate (default: test, else validation)").choices([
        "test",
        "validation",
        "train",
      ]),
    )
    .option("--no-data", "only what the folder says: nothing is evaluated, and no data is shown")
    .option("--batch-size <number>", "examples computed at once (default: 32)", parsePositive)
    .addOption(deviceOption())
    .action((models, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { reportCommand } = await import("../../commands/report.js");
        await reportCommand(context, models, options);
      }),
    );
};
