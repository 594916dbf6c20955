import { tf } from "../../runtime/tf";
import { type CustomLayers, registerDlctlLayers } from "./register-layers";

let registered: CustomLayers | undefined;

/** The classes of dlctl's own layers, registered with its TensorFlow.js when they are first asked for. */
export function customLayers(): CustomLayers {
  registered ??= registerDlctlLayers(tf);
  return registered;
}
