import { Option } from "commander";
import { deviceOption } from "../device-option";
import { parsePort, parsePositive, parseSeed } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerTrain: RegisterCommand = (declare, run) => {
  declare("train")
    .description("Trains the model that a config declares, or goes on where a run stopped.")
    .argument("[config]", "the config file; not with --resume or --extend")
    .argument("[key.path=value...]", "values to use instead of the config's: train.epochs=3")
    .option("--out <folder>", "the model folder to write (default: models/<name>)")
    .option("--resume <model>", "go on with the run in this model folder; needs nothing else")
    .option("--extend <model>", "more epochs of the finished run in this model folder; with --epochs")
    .option("--epochs <number>", "with --extend: how many epochs in all", parsePositive)
    .option("--overwrite", "start anew where an unfinished run is")
    .option("--init-from <model>", "start from the weights of this model, by layer name and shape")
    .option("--seed <number>", "use this seed instead of the config's", parseSeed)
    .addOption(deviceOption())
    .option("--no-report", "write no run/report.html at the end")
    .addOption(new Option("--engine <name>", "how steps are executed").choices(["auto", "graph", "eager"]))
    .option(
      "--dashboard [port]",
      "a live page of the run, for browsers on this machine; on any free port by default",
      parsePort,
    )
    .action((config, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { trainCommand } = await import("../../commands/train.js");
        await trainCommand(context, config, overrides, options);
      }),
    );
};
