import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, type CommanderError, Option } from "commander";
import type { CommandContext } from "../commands/context";
import { packageFolder } from "../runtime/package-folders";
import { registerBench } from "./commands/bench";
import { registerCache } from "./commands/cache";
import { registerCompare } from "./commands/compare";
import { registerData } from "./commands/data";
import { registerDoctor } from "./commands/doctor";
import { registerEvaluate } from "./commands/evaluate";
import { registerExplain } from "./commands/explain";
import { registerInit } from "./commands/init";
import { registerInspect } from "./commands/inspect";
import { registerPlan } from "./commands/plan";
import { registerPredict } from "./commands/predict";
import { registerReport } from "./commands/report";
import { registerSchema } from "./commands/schema";
import { registerSetup } from "./commands/setup";
import { registerTrain } from "./commands/train";
import { registerValidate } from "./commands/validate";
import type { GlobalOptions } from "./create-context";
import { usageError } from "./usage-error";

/** Runs the body of a command with the context that its global options ask for. */
export type RunCommand = (options: GlobalOptions, body: (context: CommandContext) => Promise<void>) => Promise<void>;

/** Declares one command's arguments and options; its code is loaded when it is called. */
export type RegisterCommand = (declare: (name: string) => Command, run: RunCommand) => void;

/** In the order of `dlctl --help`. */
const registrations: readonly RegisterCommand[] = [
  registerInit,
  registerValidate,
  registerData,
  registerTrain,
  registerPredict,
  registerEvaluate,
  registerExplain,
  registerInspect,
  registerPlan,
  registerCompare,
  registerReport,
  registerBench,
  registerSchema,
  registerDoctor,
  registerSetup,
  registerCache,
];

const globalGroup = "Options of every command:";

/** The command line as commander knows it. Neither prints errors nor exits: it throws CommanderError. */
export function createProgram(run: RunCommand): Command {
  const program = new Command("dlctl")
    .description("Declare a neural network in one JSON file, train it, and predict with it.")
    .usage("<command> [arguments] [options]")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride(throwUsageError("dlctl"))
    .configureOutput({ outputError: () => undefined });
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  program.addHelpText("after", "\n`dlctl <command> --help` tells more about a command.");
  for (const register of registrations) register((name) => declareCommand(program, name), run);
  for (const command of [program, ...program.commands]) addGlobalOptions(command);
  return program;
}

function declareCommand(program: Command, name: string): Command {
  return program
    .command(name)
    .addHelpOption(new Option("-h, --help", "print this help").helpGroup(globalGroup))
    .exitOverride(throwUsageError(`dlctl ${name}`));
}

/** commander calls this instead of exiting; help and version come through as they are. */
function throwUsageError(commandName: string): (error: CommanderError) => never {
  return (error) => {
    throw error.exitCode === 0 || error.code === "commander.help" ? error : usageError(error, commandName);
  };
}

function addGlobalOptions(command: Command): void {
  command
    .optionsGroup(globalGroup)
    .option("--json", "results as JSON on standard output, and nothing else there")
    .option("--quiet", "only errors on standard error")
    .option("--verbose", "more on standard error, libtensorflow's own output among it");
}

function readVersion(): string {
  return JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).version;
}
