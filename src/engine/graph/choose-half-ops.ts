import type { NativeBinding } from "../../runtime/native-backend";
import type { HalfPrecision } from "../../runtime/precision";
import { dataTypes } from "./graph-builder";
import { type FollowingForm, followingForm, type HalfForm, productForm, typedInputs } from "./half-ops";
import type { RecordedOp, Recording, ValueSource } from "./recording";

/** The form of each op of a recording; undefined where it is computed in float32. */
type Forms = (HalfForm | undefined)[];

/** Which ops of the recording are computed in half: products, and what stays half between them. */
export function chooseHalfOps(recording: Recording, precision: HalfPrecision, binding: NativeBinding): Forms {
  return keepWanted(recording, candidates(recording, precision, binding), precision);
}

/** Going forward: what could be half. */
function candidates(recording: Recording, precision: HalfPrecision, binding: NativeBinding): Forms {
  const forms: Forms = [];
  for (const op of recording.ops) {
    const isFloat = typeOf(op, binding) === dataTypes.float32;
    const following = followingForm(op.op);
    const follows =
      following &&
      canFollow(
        op,
        following,
        (source) => isHalfOf(forms, source),
        (source) => isNarrow(recording, source, binding),
      );
    forms.push(isFloat ? (productForm(op.op, precision) ?? (follows ? following : undefined)) : undefined);
  }
  return forms;
}

/** Going backward: what only float32 takes is better computed in float32. Whoever takes an op's outputs is decided before it. */
function keepWanted({ ops }: Recording, forms: Forms, precision: HalfPrecision): Forms {
  const wanted = new Set<number>();
  return forms
    .map((form, index) => ({ form, index, ...(ops[index] as RecordedOp) }))
    .reverse()
    .map(({ form, index, op, inputs }) => {
      if (!form || !(wanted.has(index) || productForm(op, precision))) return undefined;
      for (const place of typedInputs(form, inputs.length)) {
        const source = inputs[place];
        if (source?.from === "op" && isHalfOf(forms, source)) wanted.add(source.op);
      }
      return form;
    })
    .reverse();
}

/** Whether a value is one that its op gives in half. */
function isHalfOf(forms: Forms, source: ValueSource): boolean {
  const form = source.from === "op" ? forms[source.op] : undefined;
  return form !== undefined && source.from === "op" && (form.outputs?.includes(source.output) ?? true);
}

function canFollow(
  { inputs }: RecordedOp,
  form: FollowingForm,
  isHalf: (source: ValueSource) => boolean,
  isNarrow: (source: ValueSource) => boolean,
): boolean {
  const deciding = (form.decides ?? typedInputs(form, inputs.length)).map((place) => inputs[place] as ValueSource);
  const halves = deciding.filter(isHalf).length;
  return (
    halves > 0 &&
    (!form.isScaling || halves < deciding.length) &&
    deciding.every((source) => isHalf(source) || isNarrow(source))
  );
}

/** Range of float16's numbers at full precision. */
const [smallest, largest] = [2 ** -14, 65504];

/** Whether float32 that is half for the sake of an op loses nothing that matters: weights, numbers of its range, bits. */
function isNarrow({ ops, constants }: Recording, source: ValueSource, binding: NativeBinding): boolean {
  if (source.from === "input") return source.name.startsWith("weight/");
  if (source.from === "constant") {
    const { dtype, data } = constants[source.constant] as Recording["constants"][number];
    const isInRange = (value: number) => value === 0 || (Math.abs(value) >= smallest && Math.abs(value) <= largest);
    return dtype === dataTypes.float32 && data.every(isInRange);
  }
  const { op, attributes } = ops[source.op] as RecordedOp;
  return op === "Cast" && attributes.some(({ name, value }) => name === "SrcT" && value === binding.TF_BOOL);
}

const typeOf = ({ attributes }: RecordedOp, { TF_ATTR_TYPE }: NativeBinding): unknown =>
  attributes.find(({ name, type }) => name === "T" && type === TF_ATTR_TYPE)?.value;
