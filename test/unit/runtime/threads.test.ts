import { availableParallelism } from "node:os";
import { limitThreads, runOneOperationAtATime } from "../../../src/runtime/threads";

const limited = (threads: number | undefined, environment: NodeJS.ProcessEnv, cpus: number) => {
  limitThreads(threads, environment, cpus);
  return environment;
};

test("without a quota libtensorflow is left to itself", () => {
  expect(limited(undefined, {}, availableParallelism())).toEqual({});
});

test("a quota limits it, but not what the user has set", () => {
  // The machine has more cores than none, whatever it is.
  const own = { TF_NUM_INTRAOP_THREADS: "0", OMP_NUM_THREADS: "0", TF_NUM_INTEROP_THREADS: "2" };
  expect(limited(undefined, {}, 0)).toEqual(own);
  expect(limited(undefined, { TF_NUM_INTRAOP_THREADS: "7" }, 0)).toEqual({ ...own, TF_NUM_INTRAOP_THREADS: "7" });
});

test("train.threads wins over all", () => {
  const set = { TF_NUM_INTRAOP_THREADS: "7", OMP_NUM_THREADS: "7" };
  expect(limited(3, set, 1)).toEqual({ TF_NUM_INTRAOP_THREADS: "3", OMP_NUM_THREADS: "3" });
});

test("where dlctl's own operations run, one at a time; but not on many CPUs, nor against the user's wish", () => {
  const set = (environment: NodeJS.ProcessEnv, cpus: number) => {
    runOneOperationAtATime(environment, cpus);
    return environment;
  };
  expect(set({}, 2)).toEqual({ TF_NUM_INTEROP_THREADS: "1" });
  expect(set({}, 64)).toEqual({});
  expect(set({ TF_NUM_INTEROP_THREADS: "2" }, 2)).toEqual({ TF_NUM_INTEROP_THREADS: "2" });
});
