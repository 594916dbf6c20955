// A Python with Keras, PyTorch, TensorBoard or MLflow, for scripts that compare with them or ask them. The environment is kept outside the repository, beside dlctl's
// cache, and made once for each list of packages.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

// What the comparisons were last run with; Keras on the same libtensorflow as dlctl's.
const environments = {
  keras: {
    label: "Keras",
    download: "about 500 MB",
    requirements: ["tensorflow-cpu==2.21.0", "keras==3.15.1", "scikit-learn==1.9.1", "pillow==13.0.0"],
  },
  torch: {
    label: "PyTorch and onnxruntime",
    download: "about 3 GB",
    requirements: ["torch==2.13.0", "onnx==1.23.2", "onnxruntime==1.32.0", "numpy==2.4.6", "pillow==13.0.0"],
  },
  tensorBoard: {
    label: "TensorBoard",
    download: "about 20 MB",
    requirements: ["tensorboard==2.21.0"],
  },
  mlflow: {
    label: "MLflow",
    download: "about 200 MB",
    requirements: ["mlflow==3.17.2"],
  },
};

/** Path of a Python that has Keras; makes the environment where it is not there. */
export function pythonWithKeras() {
  return pythonOf(environments.keras);
}

/**
 * Path of a Python that has PyTorch and onnxruntime. `DLCTL_TORCH_PYTHON` names one that is there already, as with a
 * build of PyTorch for CPUs alone, which is a tenth of the size.
 */
export function pythonWithTorch() {
  return process.env.DLCTL_TORCH_PYTHON || pythonOf(environments.torch);
}

/** Path of a Python that has TensorBoard, without TensorFlow: it reads event files by itself. */
export function pythonWithTensorBoard() {
  return pythonOf(environments.tensorBoard);
}

/** Path of a Python that has MLflow with its tracking server. */
export function pythonWithMlflow() {
  return pythonOf(environments.mlflow);
}

function pythonOf({ label, download, requirements }) {
  const key = createHash("sha256").update(requirements.join("\n")).digest("hex").slice(0, 10);
  const cache = process.env.XDG_CACHE_HOME?.startsWith("/") ? process.env.XDG_CACHE_HOME : join(homedir(), ".cache");
  const folder = join(cache, "dlctl-python", key);
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "complete");
  if (existsSync(stamp)) return python;
  console.error(`Making a Python environment with ${label} in ${folder} (once; a download of ${download})`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(
    "python3",
    ["-m", "venv", folder],
    "Python 3 with its venv module is needed (Debian, Ubuntu: apt install python3-venv).",
  );
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements];
  run(python, install, "pip could not install the packages; the lines above say why.");
  writeFileSync(stamp, `${requirements.join("\n")}\n`);
  return python;
}

function run(command, args, advice) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")} failed. ${advice}`, { cause: error });
}
