import { Option } from "commander";

/** `--device`, the same for every command that computes. */
export function deviceOption(): Option {
  return new Option("--device <name>", "what computes; auto takes the first that is there").choices([
    "auto",
    "gpu",
    "cpu",
    "js",
  ]);
}
