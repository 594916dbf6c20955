import { templates } from "../../init/templates";
import type { RegisterCommand } from "../program";

export const registerInit: RegisterCommand = (declare, run) => {
  declare("init")
    .description("Writes a config to begin with.")
    .argument("[folder]", "where to write it (default: the current folder)")
    .option("--template <name>", `what to begin with: ${Object.keys(templates).join(", ")}`, "cnn")
    .action((folder, options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { initCommand } = await import("../../commands/init.js");
        await initCommand(context, folder, options);
      }),
    );
};
