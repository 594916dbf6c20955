import type { ModelTopology } from "../checkpoint/model-topology";
import type { NamedTensor } from "../checkpoint/model-weights";

type WeightSpecs = ModelTopology["weightsManifest"][0]["weights"];

/** The weights in weights.bin, whose size is checked, as model.json describes them; integers and booleans become floats. */
export function readWeights(bytes: Buffer, specs: WeightSpecs): NamedTensor[] {
  let offset = 0;
  return specs.map(({ name, shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const width = dtype === "bool" ? 1 : 4;
    const data = new Float32Array(size);
    for (let index = 0; index < size; index++) data[index] = valueAt(bytes, offset + width * index, dtype);
    offset += width * size;
    return { name, shape, data };
  });
}

function valueAt(bytes: Buffer, at: number, dtype: WeightSpecs[number]["dtype"]): number {
  if (dtype === "bool") return bytes.readUInt8(at);
  return dtype === "int32" ? bytes.readInt32LE(at) : bytes.readFloatLE(at);
}
