import type { BindingAttribute, NativeBinding } from "../../runtime/native-backend";
import type { HalfPrecision } from "../../runtime/precision";
import { chooseHalfOps } from "./choose-half-ops";
import { dataTypes } from "./graph-builder";
import { typedInputs } from "./half-ops";
import type { RecordedOp, Recording, ValueSource } from "./recording";

/**
 * The recording with its products, and what stays half between them (half-ops.ts), in this type. Inputs and results stay float32: weights are
 * rounded for each step, once, and gradients are float32 before anything else is done with them. A value is converted once for all
 * that take it, and never forth and back.
 */
export function halveRecording(recording: Recording, precision: HalfPrecision, binding: NativeBinding): Recording {
  const forms = chooseHalfOps(recording, precision, binding);
  const type = dataTypes[precision];
  const ops: RecordedOp[] = [];
  /** Where each value of the recording is, by its type. */
  const values = new Map<string, { float?: ValueSource; half?: ValueSource }>();
  const placesOf = (source: ValueSource) => {
    const key = keyOf(source);
    // What no op gives is as it was.
    const known = values.get(key) ?? { float: source };
    values.set(key, known);
    return known;
  };
  const cast = (source: ValueSource, from: number, to: number): ValueSource => {
    const attributes = [
      { name: "SrcT", type: binding.TF_ATTR_TYPE, value: from },
      { name: "DstT", type: binding.TF_ATTR_TYPE, value: to },
      { name: "Truncate", type: binding.TF_ATTR_BOOL, value: false },
    ];
    return { from: "op", op: ops.push({ op: "Cast", attributes, inputs: [source], outputCount: 1 }) - 1, output: 0 };
  };
  const asHalf = (source: ValueSource): ValueSource => {
    const value = placesOf(source);
    value.half ??= cast(value.float as ValueSource, dataTypes.float32, type);
    return value.half;
  };
  const asFloat = (source: ValueSource): ValueSource => {
    const value = placesOf(source);
    value.float ??= cast(value.half as ValueSource, type, dataTypes.float32);
    return value.float;
  };
  recording.ops.forEach((op, index) => {
    const form = forms[index];
    const halves = new Set(form ? typedInputs(form, op.inputs.length) : []);
    const inputs = op.inputs.map((source, place) => (halves.has(place) ? asHalf(source) : asFloat(source)));
    const attributes = form ? withType(op.attributes, binding, type) : op.attributes;
    const at = ops.push({ ...op, attributes, inputs }) - 1;
    for (let output = 0; output < op.outputCount; output++) {
      const source: ValueSource = { from: "op", op: at, output };
      const isHalf = form !== undefined && (form.outputs?.includes(output) ?? true);
      values.set(keyOf({ from: "op", op: index, output }), isHalf ? { half: source } : { float: source });
    }
  });
  const results = Object.entries(recording.results).map(([name, source]) => [name, asFloat(source)] as const);
  return { ops, constants: recording.constants, results: Object.fromEntries(results) };
}

function withType(attributes: readonly BindingAttribute[], { TF_ATTR_TYPE }: NativeBinding, type: number) {
  return attributes.map((attribute) =>
    attribute.name === "T" && attribute.type === TF_ATTR_TYPE ? { ...attribute, value: type } : attribute,
  );
}

function keyOf(source: ValueSource): string {
  if (source.from === "op") return `op ${source.op} ${source.output}`;
  return source.from === "input" ? `input ${source.name}` : `constant ${source.constant}`;
}
