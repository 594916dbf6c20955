/**
 * The look of `modelDiagram`, for light and dark screens, and light on paper. All of it hangs on the class of the drawing, so that
 * it can stand inside a page, which may set the custom properties itself.
 */
export const diagramStyle = `
.model-diagram {
  --diagram-ground: #ffffff; --diagram-box: #f7f9fb; --diagram-rim: #c3ccd6; --diagram-ink: #17202b; --diagram-quiet: #52606f;
  --diagram-line: #7b8896;
  --diagram-input: #5b6b7b; --diagram-weights: #2563c9; --diagram-recurrence: #7c3fbf; --diagram-attention: #b8326f;
  --diagram-normalization: #1b7f6b; --diagram-merge: #b25d00; --diagram-shape: #4f7a1f; --diagram-other: #5b6b7b;
  font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; max-width: 100%; height: auto;
}
@media screen and (prefers-color-scheme: dark) {
  .model-diagram {
    --diagram-ground: #12171d; --diagram-box: #1b232c; --diagram-rim: #3a4754; --diagram-ink: #e8edf2; --diagram-quiet: #a9b6c3;
    --diagram-line: #8b99a8;
    --diagram-input: #93a3b3; --diagram-weights: #6ea2f5; --diagram-recurrence: #b98cf0; --diagram-attention: #ef7fb0;
    --diagram-normalization: #4fc3a9; --diagram-merge: #f0a24a; --diagram-shape: #9ccb62; --diagram-other: #93a3b3;
  }
}
.model-diagram .ground { fill: var(--diagram-ground); }
.model-diagram .box { fill: var(--diagram-box); stroke: var(--diagram-rim); }
.model-diagram .type { fill: var(--diagram-ink); font-size: 13px; font-weight: 600; }
.model-diagram .name, .model-diagram .count { fill: var(--diagram-quiet); font-size: 12px; text-anchor: end; }
.model-diagram .shape { fill: var(--diagram-ink); font-size: 12px; font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
.model-diagram .edge { fill: none; stroke: var(--diagram-line); stroke-width: 1.4; }
.model-diagram .tip { fill: var(--diagram-line); }
.model-diagram .stripe-input { fill: var(--diagram-input); }
.model-diagram .stripe-weights { fill: var(--diagram-weights); }
.model-diagram .stripe-recurrence { fill: var(--diagram-recurrence); }
.model-diagram .stripe-attention { fill: var(--diagram-attention); }
.model-diagram .stripe-normalization { fill: var(--diagram-normalization); }
.model-diagram .stripe-merge { fill: var(--diagram-merge); }
.model-diagram .stripe-shape { fill: var(--diagram-shape); }
.model-diagram .stripe-other { fill: var(--diagram-other); }
`.trim();
