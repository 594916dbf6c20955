import { availableParallelism } from "node:os";
import { cpuQuota, usableCpus } from "../../../src/runtime/cpu-quota";
import { useTemporaryFolder } from "../../helpers/temporary-folder";

const folder = useTemporaryFolder();

/** Writes /proc and /sys as a kernel shows them, and asks for the quota. */
function quotaOf(files: Record<string, string>): number | undefined {
  for (const [name, text] of Object.entries(files)) folder.write(name, `${text}\n`);
  return cpuQuota(folder.path);
}

describe("cgroup v2", () => {
  test("a container's own group, which it sees as the root", () => {
    expect(quotaOf({ "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "150000 100000" })).toBe(1.5);
  });

  test("no limit", () => {
    expect(quotaOf({ "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000" })).toBeUndefined();
  });

  test("the root group of a machine has no such file", () => {
    expect(quotaOf({ "proc/self/cgroup": "0::/user.slice" })).toBeUndefined();
  });

  test("the least of a group and those around it", () => {
    const groups = {
      "proc/self/cgroup": "0::/kube.slice/pod.slice/box",
      "sys/fs/cgroup/kube.slice/cpu.max": "max 100000",
      "sys/fs/cgroup/kube.slice/pod.slice/cpu.max": "50000 100000",
      "sys/fs/cgroup/kube.slice/pod.slice/box/cpu.max": "400000 100000",
    };
    expect(quotaOf(groups)).toBe(0.5);
    expect(usableCpus(folder.path)).toBe(1);
  });
});

describe("cgroup v1", () => {
  const lines = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/system.slice";

  test("the host's path is not there in a container: its group is the mount", () => {
    expect(
      quotaOf({
        "proc/self/cgroup": lines,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      }),
    ).toBe(2);
  });

  test("on the host the path leads to the group; mounted as cpu alone", () => {
    expect(
      quotaOf({
        "proc/self/cgroup": lines,
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
        "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us": "25000",
        "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us": "50000",
      }),
    ).toBe(0.5);
  });

  test("cpuset and cpuacct are not the cpu controller", () => {
    expect(
      quotaOf({
        "proc/self/cgroup": "3:cpuset:/a\n2:cpuacct:/a",
        "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "100000",
        "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000",
      }),
    ).toBeUndefined();
  });
});

test.each(["", "nonsense", "0::/../../..", "4:cpu:/a:b"])("what can't be told is no limit: %j", (line) => {
  expect(quotaOf({ "proc/self/cgroup": line, "sys/fs/cgroup/cpu.max": "x y" })).toBeUndefined();
});

test("without /proc there is no limit, and all cores are usable", () => {
  expect(cpuQuota(folder.path)).toBeUndefined();
  expect(usableCpus(folder.path)).toBe(availableParallelism());
});

test("a large quota does not make more of the cores; a fraction is rounded up", () => {
  folder.write("proc/self/cgroup", "0::/");
  folder.write("sys/fs/cgroup/cpu.max", "100000000 100000");
  expect(usableCpus(folder.path)).toBe(availableParallelism());
  folder.write("sys/fs/cgroup/cpu.max", "10000 100000");
  expect(usableCpus(folder.path)).toBe(1);
});
