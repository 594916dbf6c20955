import type { ConfigProblem } from "../../shared/errors";
import type { InputKind } from "../example-set";
import { isImageOp } from "../image-op-config";
import { isNumericOp } from "./numeric-ops";
import type { PreprocessConfig } from "./preprocess-config";

type SequenceKind = Exclude<InputKind, "image" | "vector">;

type OpGroup = "image" | "numeric" | "tokenize" | "truncate" | "pad";

interface KindRules {
  /** What its inputs are called. */
  readonly name: string;
  /** What may be there, in this order. */
  readonly groups: readonly OpGroup[];
  /** What is for such inputs, as a hint. */
  readonly hint: string;
}

const text = { name: "texts", hint: "Texts take tokenize, then truncate and pad." };
const corpus: KindRules = {
  name: "a text for a language model",
  groups: ["tokenize"],
  hint: "It takes tokenize alone; data.window gives the length.",
};
const windows: KindRules = {
  name: "windows of rows",
  groups: ["numeric"],
  hint: "Rows take standardize, minMax and normalize; data.window gives the length.",
};

const kinds: Readonly<Record<SequenceKind, KindRules>> = {
  series: {
    name: "series",
    groups: ["numeric", "truncate", "pad"],
    hint: "Series take standardize, minMax or normalize, truncate, and pad last.",
  },
  text: { ...text, groups: ["tokenize", "truncate", "pad"] },
  corpus,
  tokens: corpus,
  window: windows,
};

/** What is wrong with the ops for series, texts and windows: what is not for them, comes too late, or is there twice. */
export function checkSequenceOps(ops: PreprocessConfig, kind: SequenceKind, isTokenized = false): ConfigProblem[] {
  const { name, groups, hint } = kinds[kind];
  const problems: ConfigProblem[] = [];
  const seen = new Map<OpGroup, number>();
  for (const [index, op] of ops.entries()) {
    const path = `data.preprocess[${index}]`;
    const group = groupOf(op);
    if (!groups.includes(group)) {
      problems.push({ path, message: `${op.op} is not for ${name}`, hint });
      continue;
    }
    const first = seen.get(group);
    if (first !== undefined && group !== "numeric") {
      problems.push({ path, message: `${op.op} is data.preprocess[${first}] already`, hint: "Keep one of them." });
    }
    const later = [...seen].find(([other]) => isBefore(group, other, groups));
    if (later) problems.push({ path, message: `${op.op} can't come after ${ops[later[1]]?.op}`, hint });
    if (first === undefined) seen.set(group, index);
  }
  return [...problems, ...checkTokenize(ops, groups, isTokenized), ...checkLengths(ops)];
}

function groupOf(op: PreprocessConfig[number]): OpGroup {
  if (isImageOp(op)) return "image";
  return isNumericOp(op) ? "numeric" : op.op;
}

/** Numbers and truncation may come in any order, as neither changes what the other does. */
function isBefore(group: OpGroup, other: OpGroup, groups: readonly OpGroup[]): boolean {
  if (group === "numeric" && other === "truncate") return false;
  return groups.indexOf(other) > groups.indexOf(group);
}

function checkTokenize(ops: PreprocessConfig, groups: readonly OpGroup[], isTokenized: boolean): ConfigProblem[] {
  if (!groups.includes("tokenize")) return [];
  const index = ops.findIndex(({ op }) => op === "tokenize");
  const op = ops[index];
  if (op?.op !== "tokenize") {
    return [
      {
        path: "data.preprocess",
        message: "texts need to be made tokens, and there is no tokenize",
        hint: 'Begin with { "op": "tokenize" }.',
      },
    ];
  }
  if (!isTokenized || op.unit === "word") return [];
  const path = `data.preprocess[${index}].unit`;
  return [{ path, message: `each word has a tag, and ${op.unit} takes words apart`, hint: 'Set "unit": "word".' }];
}

function checkLengths(ops: PreprocessConfig): ConfigProblem[] {
  const truncate = ops.find((op) => op.op === "truncate");
  const pad = ops.find((op) => op.op === "pad");
  if (!truncate || !pad || truncate.length <= pad.length) return [];
  return [
    {
      path: `data.preprocess[${ops.indexOf(pad)}].length`,
      message: `truncate leaves up to ${truncate.length}, more than the ${pad.length} that pad makes`,
      hint: "Give both the same length.",
    },
  ];
}
