import { parsePositive } from "../parse-integer";
import type { RegisterCommand } from "../program";

export const registerPlan: RegisterCommand = (declare, run) => {
  declare("plan")
    .description("Says what hardware a config needs: memory, compute, and time on this machine and on others.")
    .argument("<config>", "the config file")
    .argument("[key.path=value...]", "values to use instead of the config's")
    .option("--device <name>", "the device to look at: this, or one of the table at the end of the plan", "this")
    .option("--batch-size <number>", "plan with this batch size instead of the config's", parsePositive)
    .option("--examples <number>", "take this many training examples instead of counting the data's", parsePositive)
    .option("--calibrate", "measure this machine anew, in some seconds; it is measured once by itself")
    .action((config, overrides, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { planCommand } = await import("../../commands/plan.js");
        await planCommand(context, config, overrides, options);
      }),
    );
};
