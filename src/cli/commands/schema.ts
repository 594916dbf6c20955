import type { RegisterCommand } from "../program";

export const registerSchema: RegisterCommand = (declare, run) => {
  declare("schema")
    .description("Prints the JSON Schema of the config, for editors.")
    .option("--output <file>", "write it to a file")
    .action((options, command) =>
      run(command.optsWithGlobals(), async (context) => {
        const { schemaCommand } = await import("../../commands/schema.js");
        await schemaCommand(context, options);
      }),
    );
};
