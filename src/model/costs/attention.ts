import type { ActivationName } from "../activations";
import { activation, bias, combination, copy, elementwise, noise, normalization } from "./elementwise";
import type { Operation } from "./operation";
import { activationProduct, weightProduct } from "./products";

interface Attention {
  /** Steps and width of what asks, and of what is asked. */
  readonly queries: readonly [steps: number, width: number];
  readonly memory: readonly [steps: number, width: number];
  readonly isSelf: boolean;
  readonly heads: number;
  readonly keyDimension: number;
  readonly valueDimension: number;
  readonly outputWidth: number;
  readonly isCausal: boolean;
  readonly rotary: boolean;
  readonly dropout: number;
  readonly useBias: boolean;
}

const unkept = (operation: Operation): Operation => ({ ...operation, kept: 0 });

/** Multi-head attention as `custom-layers/attention.ts` computes it. */
export function attention(of: Attention): Operation[] {
  const { heads, keyDimension, valueDimension, outputWidth, useBias } = of;
  const [steps, width] = of.queries;
  const [keys, memoryWidth] = of.memory;
  const [keyWidth, valueWidth] = [heads * keyDimension, heads * valueDimension];
  const projected = steps * keyWidth + keys * (keyWidth + valueWidth);
  const projections = of.isSelf
    ? [weightProduct({ rows: steps, inner: width, columns: 2 * keyWidth + valueWidth })]
    : [
        weightProduct({ rows: steps, inner: width, columns: keyWidth }),
        weightProduct({ rows: keys, inner: memoryWidth, columns: keyWidth + valueWidth }),
      ];
  const scores = heads * steps * keys;
  return [
    ...projections.map(unkept),
    ...bias(useBias, projected, 2 * keyWidth + valueWidth),
    copy(projected),
    ...(of.rotary ? [rotation(steps * keyWidth + keys * keyWidth)] : []),
    unkept(combination(steps * keyWidth, 1)),
    unkept(activationProduct({ rows: steps, inner: keyDimension, columns: keys, count: heads })),
    ...(of.isCausal ? [unkept(combination(scores, 2))] : []),
    ...activation("softmax", scores).map((operation) => ({ ...operation, kept: scores, transient: scores })),
    ...(of.dropout > 0 ? noise(scores) : []),
    activationProduct({ rows: steps, inner: keys, columns: valueDimension, count: heads }),
    copy(steps * valueWidth),
    weightProduct({ rows: steps, inner: valueWidth, columns: outputWidth }),
    ...bias(useBias, steps * outputWidth, outputWidth),
  ];
}

const rotation = (numbers: number): Operation =>
  elementwise({
    numbers,
    forward: { flops: 3, moves: 8, launches: 6 },
    backward: { flops: 3, moves: 8, launches: 6 },
    kept: 0,
  });

interface Block {
  readonly input: readonly [steps: number, width: number];
  /** What the block attends to besides; undefined: nothing. */
  readonly memory: readonly [steps: number, width: number] | undefined;
  readonly isCausal: boolean;
  readonly heads: number;
  readonly keyDimension: number;
  readonly feedForward: number;
  readonly activation: ActivationName;
  readonly dropout: number;
  readonly normalization: "layer" | "rms";
  readonly rotary: boolean;
  readonly useBias: boolean;
}

/** A Transformer's block: attention, dense layers, and each added to what it takes and normalized. */
export function transformerBlock(of: Block): Operation[] {
  const { input, memory, feedForward, useBias } = of;
  const [steps, width] = input;
  const numbers = steps * width;
  const attend = (to: readonly [number, number], isSelf: boolean) =>
    attention({
      ...of,
      queries: input,
      memory: to,
      isSelf,
      valueDimension: of.keyDimension,
      outputWidth: width,
      isCausal: isSelf && of.isCausal,
      rotary: isSelf && of.rotary,
    });
  const added = () => [
    ...(of.dropout > 0 ? noise(numbers) : []),
    combination(numbers, 2),
    normalization(numbers, of.normalization === "layer" ? 2 * width : width),
  ];
  return [
    ...attend(input, true),
    ...added(),
    ...(memory ? [...attend(memory, false), ...added()] : []),
    weightProduct({ rows: steps, inner: width, columns: feedForward }),
    ...bias(useBias, steps * feedForward, feedForward),
    ...activation(of.activation, steps * feedForward),
    unkept(weightProduct({ rows: steps, inner: feedForward, columns: width })),
    ...bias(useBias, numbers, width),
    ...added(),
  ];
}
