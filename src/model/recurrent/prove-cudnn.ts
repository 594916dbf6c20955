// Run as a program in a child process (`node prove-cudnn.js <gpu or cpu>`): computes small LSTMs and GRUs with their gradients by
// cuDNN and by TensorFlow's other operations, and prints how far they are apart as one JSON line. cuDNN ends the process where it
// lacks one of its libraries; that takes only the child with it.
import { findInstalledRuntime, type NativeDevice } from "../../runtime/installed-runtime";
import { loadNative } from "../../runtime/load-native";
import { nativeBackend } from "../../runtime/native-ops";
import { compareCudnn } from "./compare-cudnn";

async function proveCudnn(device: NativeDevice): Promise<void> {
  const runtime = findInstalledRuntime(device);
  if (!runtime) throw new Error(`no ${device} runtime is set up`);
  await loadNative(runtime);
  const native = nativeBackend();
  if (!native) throw new Error("libtensorflow does not start");
  process.stdout.write(`${JSON.stringify(compareCudnn(native))}\n`);
}

void proveCudnn(process.argv[2] as NativeDevice);
