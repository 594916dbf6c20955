import type { ModelDescription } from "../checkpoint/model-folder";
import type { MarkedPiece } from "../explain/draw/marked-page";
import type { Explanation } from "../explain/explanation";
import { formatName, formatPercent } from "../predict/format-predictions";
import type { InputName } from "../predict/prediction";
import { formatTable } from "./format-table";

interface Explained {
  readonly name: InputName;
  readonly explanation: Explanation;
  readonly description: Pick<ModelDescription, "labels">;
  /** Where it was drawn. */
  readonly file: string | undefined;
}

/** Places that are listed. */
const mostListed = 10;

/** "bag, 99.5 %: integrated gradients". */
export function explainedSentence(
  { labels }: Explained["description"],
  { output, value, method, layer }: Explanation,
): string {
  const said = labels ? `${output.name}, ${formatPercent(value)}` : `${output.name} ${Number(value.toPrecision(6))}`;
  const place = output.step === undefined ? "" : ` at step ${output.step + 1}`;
  return `${said}${place}: ${method}${layer === undefined ? "" : ` of ${layer}`}`;
}

/** For people: what was explained, and the places that matter most. */
export function explanationLines(
  { name, explanation, description, file }: Explained,
  pieces: readonly MarkedPiece[],
): { readonly head: string[]; readonly table: string[] } {
  const { completeness, map } = explanation;
  const head = [
    `${formatName(name)}  ${explainedSentence(description, explanation)}${file === undefined ? "" : `  drawn in ${file}`}`,
  ];
  const gap = completeness && Math.abs(completeness.sum - completeness.difference);
  const note =
    completeness && gap !== undefined && gap > 0.05 * Math.abs(completeness.difference)
      ? [
          `The map adds up to ${figure(completeness.sum)} instead of ${figure(completeness.difference)}: the model bends too sharply for ${completeness.steps} steps.`,
        ]
      : [];
  // Of an image there are too many places, and they have no names.
  const ranked = pieces
    .map((piece, index) => ({ ...piece, index }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, mostListed);
  const rows = ranked.map(({ text, value, weight }) => [visible(text), figure(value), bar(weight)]);
  const column = map.isSigned ? "for (+) or against (-)" : "share";
  return { head: [...head, ...note], table: rows.length > 0 ? formatTable(["", column, ""], rows) : [] };
}

/** For programs. `map` is row-major. */
export function explanationJson({ name, explanation, file }: Explained, pieces: readonly MarkedPiece[]): object {
  const { output, value, score, method, layer, map, byChannel, completeness, attention, patches } = explanation;
  return {
    ...name,
    method,
    class: output.name,
    ...(output.step === undefined ? {} : { step: output.step + 1 }),
    value,
    score,
    ...(layer === undefined ? {} : { layer }),
    map: { shape: map.shape, values: Array.from(map.values) },
    ...(pieces.length > 0 ? { places: pieces.map(({ text, value }) => ({ name: text, value })) } : {}),
    ...(byChannel ? { byChannel: Array.from(byChannel) } : {}),
    ...(completeness ? { completeness } : {}),
    ...(attention
      ? { attention: attention.map(({ layer, heads }) => ({ layer, heads: heads.map((head) => Array.from(head)) })) }
      : {}),
    ...(patches ? { patches } : {}),
    ...(file === undefined ? {} : { output: file }),
  };
}

const figure = (value: number) => `${value < 0 ? "" : " "}${value.toPrecision(3)}`;

/** A token may be white space. */
const visible = (text: string) => (text.trim() === "" ? JSON.stringify(text) : text);

const bar = (weight: number) => (weight < 0 ? "-" : "+").repeat(Math.round(10 * Math.abs(weight)));
