import { InvalidArgumentError, Option } from "commander";

/** `--device`, the same for every command that computes. */
export function deviceOption(): Option {
  return new Option(
    "--device <name>",
    "what computes: auto (the first that is there), gpu, gpu:<number>, cpu or js",
  ).argParser((value) => {
    if (/^(auto|cpu|js|gpu(:\d{1,3})?)$/.test(value)) return value;
    throw new InvalidArgumentError("Allowed choices are auto, gpu, gpu:<number>, cpu, js.");
  });
}
