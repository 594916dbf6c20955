import type { BindingAttribute, NativeBackend, NativeBinding, TensorMetadata } from "../../src/runtime/native-backend";
import { tf } from "../../src/runtime/tf";

/**
 * cuDNN's recurrent layers in double precision, written from NVIDIA's documentation of cudnnRNNMode_t and of the order of
 * weights (cudnnGetRNNWeightParams), for a machine without a GPU: one layer, one direction, linear input, all sequences of full length.
 */
interface Layer {
  readonly mode: "lstm" | "gru";
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** `x` is `[batch, time, features]`, the result `[batch, time, units]`; states are 0 before the first step. */
export function emulateCudnn(layer: Layer, x: ArrayLike<number>, parameters: ArrayLike<number>): Float64Array {
  const { mode, batch, time, features, units } = layer;
  const gates = mode === "lstm" ? 4 : 3;
  const inputs = gates * units * features;
  const states = inputs + gates * units * units;
  if (parameters.length !== states + 2 * gates * units) throw new Error(`${parameters.length} parameters do not fit`);
  const at = (index: number) => parameters[index] as number;
  const result = new Float64Array(batch * time * units);
  for (let example = 0; example < batch; example++) {
    let [h, c] = [new Float64Array(units), new Float64Array(units)];
    for (let step = 0; step < time; step++) {
      const [before, cellBefore, start] = [h, c, (example * time + step) * features];
      // Row `unit` of matrix `gate`, times the input or the state, with the bias that belongs to it.
      const fromInput = (gate: number, unit: number) => {
        let sum = at(states + gate * units + unit);
        for (let i = 0; i < features; i++) sum += at((gate * units + unit) * features + i) * (x[start + i] as number);
        return sum;
      };
      const fromState = (gate: number, unit: number) => {
        let sum = at(states + (gates + gate) * units + unit);
        for (let i = 0; i < units; i++) sum += at(inputs + (gate * units + unit) * units + i) * (before[i] as number);
        return sum;
      };
      h = new Float64Array(units);
      c = new Float64Array(units);
      for (let unit = 0; unit < units; unit++) {
        const sum = (gate: number) => fromInput(gate, unit) + fromState(gate, unit);
        if (mode === "lstm") {
          const [input, forget, candidate, output] = [
            sigmoid(sum(0)),
            sigmoid(sum(1)),
            Math.tanh(sum(2)),
            sigmoid(sum(3)),
          ];
          c[unit] = forget * (cellBefore[unit] as number) + input * candidate;
          h[unit] = output * Math.tanh(c[unit] as number);
        } else {
          const [reset, update] = [sigmoid(sum(0)), sigmoid(sum(1))];
          const candidate = Math.tanh(fromInput(2, unit) + reset * fromState(2, unit));
          h[unit] = (1 - update) * candidate + update * (before[unit] as number);
        }
      }
      result.set(h, (example * time + step) * units);
    }
  }
  return result;
}

/** What the two operations get and give, as TensorFlow defines them: the number of inputs and of outputs. */
const operations = { CudnnRNNV3: { inputs: 5, outputs: 5 }, CudnnRNNBackpropV3: { inputs: 13, outputs: 4 } } as const;

/** Types as TensorFlow numbers them. */
const [float32, int8] = [1, 6];

/** What TensorFlow says of an operation that it knows, and that has no kernel on this machine. */
export const withoutKernel = (name: string) => new RegExp(`Could not find device for node: {{node ${name}}}`);

/** Changes the parameters before they are used: what a kernel would do that has other gates than we believe. */
export type Mistake = (parameters: Float32Array, layer: Layer) => Float32Array;

/** Runs `compute` with the two operations of cuDNN emulated; gradients are central differences in double precision. */
export function withEmulatedCudnn<Result>(
  compute: () => Result,
  mistake: Mistake = (parameters) => parameters,
): Result {
  const backend = tf.backend() as unknown as NativeBackend;
  const original = backend.binding;
  backend.binding = Object.create(original, {
    executeOp: {
      value: (name: string, attributes: BindingAttribute[], inputs: number[], outputs: number) => {
        if (name !== "CudnnRNNV3" && name !== "CudnnRNNBackpropV3")
          return original.executeOp(name, attributes, inputs, outputs);
        // TensorFlow knows the operation and its attributes, and misses nothing but the kernel.
        expect(() => original.executeOp(name, attributes, inputs, outputs)).toThrow(withoutKernel(name));
        expect({ inputs: inputs.length, outputs }).toEqual(operations[name]);
        const values = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
        const fixed = { T: float32, input_mode: "linear_input", direction: "unidirectional", time_major: false };
        expect(values).toMatchObject({ ...fixed, dropout: 0, seed: 0, seed2: 0, num_proj: 0 });
        return new Emulation(original, values.rnn_mode as Layer["mode"], inputs, mistake)[name]();
      },
    },
  }) as NativeBinding;
  try {
    return compute();
  } finally {
    backend.binding = original;
  }
}

class Emulation {
  private readonly layer: Layer;
  private readonly x: Float32Array;
  private readonly parameters: Float32Array;

  constructor(
    private readonly binding: NativeBinding,
    mode: Layer["mode"],
    private readonly inputs: readonly number[],
    mistake: Mistake,
  ) {
    const [batch, time, features] = this.shapeOf(0) as [number, number, number];
    const [stateBatch, one, units] = this.shapeOf(1) as [number, number, number];
    expect([stateBatch, one]).toEqual([batch, 1]);
    expect(this.shapeOf(2)).toEqual(mode === "lstm" ? [batch, 1, units] : []);
    expect(this.valuesOf(1).every((value) => value === 0)).toBe(true);
    expect(this.valuesOf(2).every((value) => value === 0)).toBe(true);
    expect([...this.valuesOf(4)]).toEqual(Array(batch).fill(time));
    this.layer = { mode, batch, time, features, units };
    this.x = this.valuesOf(0);
    this.parameters = mistake(this.valuesOf(3), this.layer);
  }

  CudnnRNNV3(): TensorMetadata[] {
    const { mode, batch, time, units } = this.layer;
    const state = mode === "lstm" ? [batch, 1, units] : [];
    return [
      this.tensor(emulateCudnn(this.layer, this.x, this.parameters), [batch, time, units]),
      this.tensor(new Float64Array(batch * units), [batch, 1, units]),
      this.tensor(new Float64Array(mode === "lstm" ? batch * units : 1), state),
      // What it keeps for the gradient is nobody else's business.
      this.tensor(new Float64Array(7).fill(Number.NaN), [7]),
      this.int8Scalar(),
    ];
  }

  CudnnRNNBackpropV3(): TensorMetadata[] {
    const { mode, batch, time, features, units } = this.layer;
    const shapes = [5, 6, 7, 8, 9, 10, 11, 12].map((input) => this.shapeOf(input));
    const state = [batch, 1, units];
    const cell = mode === "lstm" ? state : [];
    const sequence = [batch, time, units];
    expect(shapes).toEqual([sequence, state, cell, sequence, state, cell, [7], []]);
    expect(this.typeOf(12)).toBe(int8);
    for (const input of [9, 10]) expect(this.valuesOf(input).every((value) => value === 0)).toBe(true);
    const output = emulateCudnn(this.layer, this.x, this.parameters);
    expect(this.valuesOf(5)).toEqual(Float32Array.from(output));
    const dy = this.valuesOf(8);
    const weighted = (x: ArrayLike<number>, parameters: ArrayLike<number>) =>
      emulateCudnn(this.layer, x, parameters).reduce((sum, value, index) => sum + value * (dy[index] as number), 0);
    const byInput = centralDifferences(this.x, (x) => weighted(x, this.parameters));
    const byParameters = centralDifferences(this.parameters, (parameters) => weighted(this.x, parameters));
    return [
      this.tensor(byInput, [batch, time, features]),
      this.tensor(new Float64Array(batch * units), state),
      this.tensor(new Float64Array(mode === "lstm" ? batch * units : 1), cell),
      this.tensor(byParameters, [byParameters.length]),
    ];
  }

  private tensor(values: Float64Array, shape: number[]): TensorMetadata {
    return { id: this.binding.createTensor(shape, float32, Float32Array.from(values)), shape, dtype: float32 };
  }

  /** A real one, of the type that TensorFlow.js does not know. */
  private int8Scalar(): TensorMetadata {
    const attributes = [
      { name: "SrcT", type: this.binding.TF_ATTR_TYPE, value: float32 },
      { name: "DstT", type: this.binding.TF_ATTR_TYPE, value: int8 },
      { name: "Truncate", type: this.binding.TF_ATTR_BOOL, value: false },
    ];
    const number = this.binding.createTensor([], float32, Float32Array.of(0));
    return this.binding.executeOp("Cast", attributes, [number], 1)[0] as TensorMetadata;
  }

  private same(input: number): TensorMetadata {
    return this.binding.executeOp("Identity", [], [this.inputs[input] as number], 1)[0] as TensorMetadata;
  }

  private shapeOf(input: number): number[] {
    return this.same(input).shape;
  }

  private typeOf(input: number): number {
    return this.same(input).dtype;
  }

  private valuesOf(input: number): Float32Array {
    return this.binding.tensorDataSync(this.inputs[input] as number) as Float32Array;
  }
}

function centralDifferences(at: Float32Array, compute: (values: Float64Array) => number): Float64Array {
  const step = 1e-5;
  const values = Float64Array.from(at);
  return values.map((value, index) => {
    values[index] = value + step;
    const above = compute(values);
    values[index] = value - step;
    const below = compute(values);
    values[index] = value;
    return (above - below) / (2 * step);
  });
}
