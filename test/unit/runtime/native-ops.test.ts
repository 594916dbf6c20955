import { nativeBackend, uploadBytes } from "../../../src/runtime/native-ops";
import { tf } from "../../../src/runtime/tf";
import { describeEachDevice, describeNative, startJsRuntime } from "../../helpers/runtime";

describeEachDevice("uploadBytes", () => {
  test("gives the bytes as float32 in the shape asked for", () => {
    const bytes = Uint8Array.of(0, 1, 127, 128, 254, 255);
    const tensor = uploadBytes(bytes, [1, 2, 3]);
    expect(tensor.dtype).toBe("float32");
    expect(tensor.shape).toEqual([1, 2, 3]);
    expect(Array.from(tensor.dataSync())).toEqual([0, 1, 127, 128, 254, 255]);
    tensor.dispose();
  });

  test("does not see later changes of the bytes, so a buffer may be reused", () => {
    const bytes = new Uint8Array(64 * 1024).fill(3);
    const tensor = uploadBytes(bytes, [bytes.length]);
    bytes.fill(200);
    expect(tensor.max().dataSync()[0]).toBe(3);
    tensor.dispose();
  });

  test("leaves one tensor, and none once that is disposed", () => {
    const before = tf.memory().numTensors;
    const tensor = uploadBytes(new Uint8Array(12), [3, 4]);
    expect(tf.memory().numTensors).toBe(before + 1);
    tensor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("refuses bytes that do not fill the shape", () => {
    expect(() => uploadBytes(new Uint8Array(5), [2, 3])).toThrow("5 bytes do not fill the shape [2,3]");
  });

  test("result instances are of the types a test sees", () => {
    expect(tf.ones([2]).dataSync()).toBeInstanceOf(Float32Array);
  });
});

describeNative("nativeBackend", () => {
  test("runs an op by name with attributes of several kinds", () => {
    const ops = nativeBackend();
    const [values, indices] =
      ops?.executeOp(
        "TopKV2",
        { T: { dtype: "float32" }, Tk: { dtype: "int32" }, index_type: { dtype: "int32" }, sorted: { bool: true } },
        [tf.tensor1d([3, 9, 1, 7]), tf.scalar(2, "int32")],
        2,
      ) ?? [];
    expect(Array.from(values?.dataSync() ?? [])).toEqual([9, 7]);
    expect(Array.from(indices?.dataSync() ?? [])).toEqual([1, 3]);
  });

  test("passes lists of integers and strings", () => {
    const [pooled] =
      nativeBackend()?.executeOp(
        "MaxPool",
        {
          T: { dtype: "float32" },
          ksize: { int: [1, 2, 2, 1] },
          strides: { int: [1, 2, 2, 1] },
          padding: { string: "VALID" },
          data_format: { string: "NHWC" },
        },
        [tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])],
        1,
      ) ?? [];
    expect(Array.from(pooled?.dataSync() ?? [])).toEqual([4]);
  });

  test("throws libtensorflow's message", () => {
    expect(() => nativeBackend()?.executeOp("NoSuchOp", {}, [], 1)).toThrow("NoSuchOp");
  });

  test("knows that the cpu device is no GPU", () => {
    expect(nativeBackend()?.isGpu).toBe(false);
  });
});

test("there are no native ops on the js device", async () => {
  await startJsRuntime();
  expect(nativeBackend()).toBeUndefined();
});
