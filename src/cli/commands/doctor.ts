import type { RegisterCommand } from "../program";

export const registerDoctor: RegisterCommand = (declare, run) => {
  declare("doctor")
    .description("Says what this machine computes with, what is missing, and how to mend it.")
    .action((_options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { doctorCommand } = await import("../../commands/doctor.js");
        await doctorCommand(context);
      }),
    );
};
