import type { RegisterCommand } from "../program";

export const registerSetup: RegisterCommand = (declare, run) => {
  declare("setup")
    .description("Makes the native runtime (libtensorflow) ready, once for all projects.")
    .option("--from <folder>", "take libtensorflow from this folder or wheel, and from nowhere else")
    .option("--device <name>", "the device to set up: cpu (the default) or gpu")
    .option("--cuda <folder>", "with --device gpu: take the CUDA libraries from this folder; pip gets them anew")
    .option("--force", "get and compile everything anew")
    .option("--remove", "take away all that was set up")
    .action((options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { setupCommand } = await import("../../commands/setup.js");
        await setupCommand(context, options);
      }),
    );
};
