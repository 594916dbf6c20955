import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBackend, TensorMetadata } from "../../runtime/native-backend";
import type { HostTensor } from "../../shared/host-tensor";
import { type GraphBuilder, servingTag } from "./graph-builder";

/** One TensorFlow session that holds a whole graph and its variables, fed and fetched by name. */
export interface GraphSession {
  /** Feeds `inputs`, runs what `outputs` need, and returns these, copied. Fed memory may be reused afterwards. */
  run(inputs: Readonly<Record<string, HostTensor>>, outputs: readonly string[]): HostTensor[];
  close(): void;
}

/** Loads the graph into a session. tfjs-node can only load from a folder: a temporary one, removed at once. */
export function openGraphSession(backend: NativeBackend, graph: GraphBuilder): GraphSession {
  const { binding } = backend;
  const folder = mkdtempSync(join(tmpdir(), "dlctl-graph-"));
  let session: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), graph.savedModel());
    session = binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (inputs, outputs) => run(backend, session, inputs, outputs),
    close: () => binding.deleteSavedModel(session),
  };
}

/** Straight through the binding: tensors of tfjs would only add bookkeeping. */
function run(
  { binding }: NativeBackend,
  session: number,
  inputs: Readonly<Record<string, HostTensor>>,
  outputs: readonly string[],
): HostTensor[] {
  const fed: number[] = [];
  let fetched: TensorMetadata[] = [];
  try {
    for (const { data, shape } of Object.values(inputs))
      fed.push(binding.createTensor([...shape], dtypeOf(data), data));
    fetched = binding.runSavedModel(session, fed, Object.keys(inputs).join(","), outputs.join(","));
    return fetched.map(({ id, shape }) => ({ data: binding.tensorDataSync(id), shape }));
  } finally {
    for (const id of fed) binding.deleteTensor(id);
    for (const { id } of fetched) binding.deleteTensor(id);
  }

  function dtypeOf(data: HostTensor["data"]): number {
    if (data instanceof Float32Array) return binding.TF_FLOAT;
    return data instanceof Int32Array ? binding.TF_INT32 : binding.TF_UINT8;
  }
}
