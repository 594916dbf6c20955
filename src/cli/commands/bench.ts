import { Option } from "commander";
import { deviceOption } from "../device-option";
import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerBench: RegisterCommand = (declare, run) => {
  declare("bench")
    .description("Measures how fast this machine reads data, trains and predicts, and what holds it up.")
    .argument("[config or model]", "a config file or a model folder; by default a small CNN on made-up images")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .option("--seconds <number>", "how long each part is measured, about", parsePositive, 3)
    .addOption(new Option("--engine <name>", "how steps are executed").choices(["auto", "graph", "eager"]))
    .addOption(deviceOption())
    .action((path, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { benchCommand } = await import("../../commands/bench.js");
        await benchCommand(context, path, overrides, options);
      }),
    );
};
