import { reasonBars } from "../charts/reason-bars";
import { type Content, type Html, html } from "../html";
import { markLevels } from "../palette";
import type { PieceMap, Reason, Reasons } from "../reasons/reason";

/** What one answer hung on: a map over the image, marked words, or a series with a bar for each step. */
export function reasonContent(reason: Reason): Html {
  const { output, map } = reason;
  const what = `What “${output}” hung on`;
  switch (map.kind) {
    case "picture": {
      const most = map.most === undefined ? "nothing that speaks for it" : `most of it ${map.most}`;
      return html`<img src="${map.uri}" alt="${what}, by ${methodName(reason)}: ${most}">`;
    }
    case "pieces": {
      const marked = map.pieces.map(({ text, weight }, index) => [index > 0 && map.separator, mark(text, weight)]);
      return html`<blockquote class="marked" aria-label="${what}">${marked}${map.isCut && "…"}</blockquote><small>${sentence(map, reason)}</small>`;
    }
    case "steps": {
      const { names, channels } = map;
      const left = channels - names.length;
      return html`${reasonBars(map, `${what}: ${sentence(map, reason)}`)}<small>${names.join(", ")}${left > 0 && ` and ${left} more`}; ${sentence(map, reason)}</small>`;
    }
  }
}

/** What the marks of a list of reasons mean; nothing where none is shown. */
export function reasonsNote(reasons: Reasons | undefined): Content {
  const [first] = reasons?.list.filter((reason) => reason !== undefined) ?? [];
  if (!reasons || !first) return reasons?.problem !== undefined && html`<p class="note">${reasons.problem}</p>`;
  const { left } = reasons;
  return html`<p class="note">${legendOf(first)} By ${methodName(first)}. It says what this model reacts to, not what is true of the example.${
    left > 0 && ` There was no time for ${left === 1 ? "one more" : `${left} more`}.`
  }</p>`;
}

function legendOf(reason: Reason): Content {
  const { map, isSigned, method } = reason;
  const words = wordsOf(reason);
  switch (map.kind) {
    case "picture": {
      const picture = "The second picture is the image as the model takes it, in gray,";
      if (method === "attention") return `${picture} coloured where it looked: the redder, the more.`;
      return `${picture} with what the answer hung on: yellow to red ${words.for}${isSigned ? `, blue ${words.against}` : ""}.`;
    }
    case "pieces":
      return html`Below each text: its tokens as the model takes them; what is ${mark("marked so", 1)} ${words.for}${isSigned && html`, what is ${mark("marked so", -1)} ${words.against}`}, the stronger the more.`;
    case "steps":
      return `Under each series: a bar for each step, up where it ${words.for}${isSigned ? `, down where it ${words.against}` : ""}.`;
  }
}

const wordsOf = ({ isValue }: Pick<Reason, "isValue">) =>
  isValue
    ? { for: "raised the value", against: "lowered it" }
    : { for: "speaks for what was said", against: "speaks against it" };

function methodName({ method, layer }: Pick<Reason, "method" | "layer">): string {
  const name =
    { attention: "the rollout of attention", "grad-cam": "Grad-CAM" }[method as string] ?? method.replace("-", " ");
  return layer === undefined ? name : `${name} of ${layer}`;
}

function mark(text: string, weight: number): Content {
  const level = Math.round(Math.abs(weight) * markLevels);
  return level === 0 ? text : html`<mark class="${weight < 0 ? "a" : "f"}${level - 1}">${text}</mark>`;
}

function sentence({ strongest }: Pick<PieceMap, "strongest">, { isSigned, isValue }: Reason): string {
  const list = (pieces: readonly string[]) => (pieces.length === 0 ? "nothing" : pieces.join(", "));
  const [most, least] = isValue ? ["raised most by", "lowered most by"] : ["most for it", "most against it"];
  return `${most}: ${list(strongest.for)}${isSigned ? `; ${least}: ${list(strongest.against)}` : ""}`;
}
