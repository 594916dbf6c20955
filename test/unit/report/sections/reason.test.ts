import { html } from "../../../../src/report/html";
import type { Reason } from "../../../../src/report/reasons/reason";
import { reasonContent, reasonsNote } from "../../../../src/report/sections/reason";

const evil = '<b onload="x">';
const of = { output: evil, method: "integrated-gradients", isSigned: true, isValue: false } as const;

test("a picture says in words what was explained, how, and where most of it is", () => {
  const map = { kind: "picture", uri: "data:image/webp;base64,AA==", most: "in the upper left" } as const;
  const gradCam: Reason = { ...of, method: "grad-cam", layer: evil, isSigned: false, map };
  const { text } = reasonContent(gradCam);
  expect(text).toBe(
    '<img src="data:image/webp;base64,AA==" alt="What “&lt;b onload=&quot;x&quot;&gt;” hung on, by Grad-CAM of &lt;b onload=&quot;x&quot;&gt;: most of it in the upper left">',
  );
  expect(reasonContent({ ...gradCam, map: { ...map, most: undefined } }).text).toContain("nothing that speaks for it");
});

test("words are marked by side and strength, five levels each; what hardly matters is not", () => {
  const pieces = [1, -1, 0.2, -0.5, 0.05].map((weight, index) => ({ text: `w${index}`, weight }));
  const strongest = { for: ["w0"], against: [] };
  const { text } = reasonContent({ ...of, map: { kind: "pieces", pieces, separator: " ", isCut: false, strongest } });
  expect(text).toContain(
    '<mark class="f4">w0</mark> <mark class="a4">w1</mark> <mark class="f0">w2</mark> <mark class="a2">w3</mark> w4</blockquote>',
  );
  expect(text).toContain("most for it: w0; most against it: nothing");
});

test("steps have bars, up for it and down against it, and a title that says so", () => {
  const strongest = { for: ["step 1"], against: ["step 2"] };
  const map = {
    kind: "steps",
    names: [evil],
    channels: 3,
    values: [[0, 1, null]],
    weights: [1, -1, 0],
    strongest,
  } as const;
  const { text } = reasonContent({ ...of, isValue: true, map });
  // The middle of the bars is at 74 of 92; the largest are 17 high.
  expect(text).toMatch(
    /<path class="bar s1" d="M[-\d.]+ 57h[\d.]+v17h[-\d.]+z"\/><path class="bar s0" d="M[-\d.]+ 74h/,
  );
  expect(text).toMatch(
    /role="img"><title>What “&lt;b [^<]* hung on: raised most by: step 1; lowered most by: step 2<\/title>/,
  );
  expect(text).toContain("&lt;b onload=&quot;x&quot;&gt; and 2 more");
  expect(text).not.toContain("<b ");
});

test("the note says what the marks mean, and what was left out; there is none where nothing is shown", () => {
  const map = { kind: "picture", uri: "data:,", most: undefined } as const;
  const note = (list: readonly (Reason | undefined)[], more = {}) =>
    html`${reasonsNote({ list, left: 0, ...more })}`.text;
  expect(note([undefined, { ...of, map }], { left: 3 })).toMatch(
    /red speaks for.*blue speaks against.*integrated gradients.*no time for 3 more/,
  );
  expect(note([{ ...of, isSigned: false, method: "attention", map }])).toMatch(/where it looked.*rollout of attention/);
  expect(note([undefined])).toBe("");
  expect(note([], { problem: evil })).toBe('<p class="note">&lt;b onload=&quot;x&quot;&gt;</p>');
  expect(reasonsNote(undefined)).toBeFalsy();
});
