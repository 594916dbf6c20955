import { readModelWeights } from "../../checkpoint/model-weights";
import { tensorBoardOptions } from "../../config/train-schema";
import { observeGradients } from "../../engine/observe-gradients";
import { weightNames } from "../../engine/weight-names";
import { describeModel } from "../../model/describe-model";
import { epochBatches } from "../epoch-batches";
import type { HistoryEntry } from "../history";
import type { TrainingSetup } from "../training-setup";
import { layerGraph } from "./graph-def";
import { type Histogram, histogramOf } from "./histogram";
import { sampleImages } from "./sample-images";
import { TensorBoardLog } from "./tensorboard-log";

type Options = NonNullable<ReturnType<typeof tensorBoardOptions>>;

/** Writes what `train.tensorBoard` asks for: curves, histograms of the weights, pictures, the stack of layers. */
export class TensorBoardRun {
  private constructor(
    private readonly log: TensorBoardLog,
    private readonly setup: TrainingSetup,
    private readonly options: Options,
  ) {}

  /** Goes on in `folder` after `epochs` epochs; undefined where the config asks for nothing. Throws EnvironmentError. */
  static async open(folder: string, epochs: number, setup: TrainingSetup): Promise<TensorBoardRun | undefined> {
    const options = tensorBoardOptions(setup.config.train.tensorBoard);
    if (!options) return undefined;
    const log = await TensorBoardLog.open(folder, epochs, setup.data.splits.validation.length > 0);
    try {
      const run = new TensorBoardRun(log, setup, options);
      if (epochs === 0) await run.begin();
      return run;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  async endEpoch(entry: HistoryEntry): Promise<void> {
    await this.log.endEpoch(entry);
    const { histograms } = this.options;
    if (histograms > 0 && entry.epoch % histograms === 0) await this.addHistograms(entry.epoch, entry.step);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private async begin(): Promise<void> {
    const { graph, images, histograms } = this.options;
    if (graph) await this.log.graph(layerGraph(describeModel(this.setup.model).layers));
    const pictures = await sampleImages(this.setup, images);
    if (Object.keys(pictures).length > 0) await this.log.images(pictures);
    if (histograms > 0) await this.addHistograms(0, 0);
  }

  private async addHistograms(epoch: number, step: number): Promise<void> {
    const { engine, model } = this.setup;
    engine.syncModel();
    const found: Record<string, Histogram> = {};
    const add = (tag: string, values: Float32Array) => {
      const histogram = histogramOf(values);
      if (histogram) found[tag] = histogram;
    };
    const names = weightNames(model.weights);
    for (const [index, { data }] of readModelWeights(model).entries()) add(names[index] as string, data);
    if (this.options.gradients) {
      for (const [name, gradient] of await this.gradients(epoch, step)) add(`${name}/gradient`, gradient);
    }
    await this.log.histograms(epoch, found);
  }

  /** Of the first batch of the next epoch. */
  private async gradients(epoch: number, step: number): Promise<Map<string, Float32Array>> {
    const { program } = this.setup;
    for await (const batch of epochBatches(this.setup, epoch)) return observeGradients(program, batch, step);
    return new Map();
  }
}
