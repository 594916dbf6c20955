import type { Template } from "./define-template";

export const cnn: Template = {
  description: "pictures in classes: a convolutional network",
  data: "Put pictures (JPEG, PNG, WebP, GIF, TIFF or AVIF) into `pictures/`, in one folder for each class: `pictures/cat/`, `pictures/dog/`, ...",
  config: {
    seed: 7,
    data: {
      source: "image-folder",
      path: "pictures",
      split: { validation: 0.2 },
      preprocess: [
        { op: "resize", width: 64, height: 64 },
        { op: "normalize", scale: 255 },
      ],
      augment: [{ op: "flip", direction: "horizontal" }],
    },
    model: {
      layers: [
        { type: "conv2d", filters: 16, kernelSize: 3, padding: "same", activation: "relu" },
        { type: "maxPooling2d", poolSize: 2 },
        { type: "conv2d", filters: 32, kernelSize: 3, padding: "same", activation: "relu" },
        { type: "maxPooling2d", poolSize: 2 },
        { type: "conv2d", filters: 64, kernelSize: 3, padding: "same", activation: "relu" },
        { type: "globalAveragePooling2d" },
        { type: "dense", units: 64, activation: "relu" },
        { type: "dense", units: "classes", activation: "softmax" },
      ],
    },
    train: {
      epochs: 20,
      batchSize: 32,
      optimizer: { type: "adam", learningRate: 0.001 },
      metrics: ["accuracy"],
    },
  },
};
