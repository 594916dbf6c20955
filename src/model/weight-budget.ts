import { AsyncLocalStorage } from "node:async_hooks";
import { tf } from "../runtime/tf";

interface Allowance {
  /** Elements that weights may still take. */
  left: number;
  readonly made: { dispose(): void }[];
}

/** While a model is built in `withWeightBudget`. */
const budget = new AsyncLocalStorage<Allowance>();
let isWatching = false;

/**
 * Runs `build`, in which layers may make weights of `elements` numbers in all: a layer that asks for more is refused, by
 * RangeError, before memory is taken for it. When `build` fails, what was made is disposed. Other models that are built
 * meanwhile are not concerned.
 */
export async function withWeightBudget<T>(elements: number, build: () => Promise<T>): Promise<T> {
  watch();
  const allowance: Allowance = { left: elements, made: [] };
  try {
    return await budget.run(allowance, build);
  } catch (error) {
    for (const weight of allowance.made) weight.dispose();
    throw error;
  }
}

type AddWeight = (
  this: tf.layers.Layer,
  name: string,
  shape: (number | null)[],
  ...rest: unknown[]
) => { dispose(): void };

/** tfjs makes a layer's weights the moment it is built, and calls nothing before that could be asked. */
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  prototype.addWeight = function (name, shape, ...rest) {
    const allowance = budget.getStore();
    if (allowance) {
      allowance.left -= shape.reduce<number>((product, size) => product * (size ?? 1), 1);
      if (!(allowance.left >= 0)) {
        throw new RangeError(
          `its layer "${this.name}" takes more weights than there are, for a ${name} of [${shape.join(", ")}]`,
        );
      }
    }
    const weight = addWeight.call(this, name, shape, ...rest);
    allowance?.made.push(weight);
    return weight;
  };
}
