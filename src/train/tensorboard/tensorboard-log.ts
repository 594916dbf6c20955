import { join } from "node:path";
import type { HistoryEntry } from "../history";
import { EventFile } from "./event-file";
import { type EventImage, graphEvent, histogramsEvent, imagesEvent, scalarsEvent } from "./event-messages";
import type { Histogram } from "./histogram";

/**
 * What TensorBoard shows of a run: the folders `train` and `validation`, with the same tags in both (`epoch_loss`,
 * `epoch_accuracy`), so that their curves share a chart, as with Keras. The step is the epoch, from 1.
 */
export class TensorBoardLog {
  private constructor(
    private readonly train: EventFile,
    private readonly validation: EventFile | undefined,
  ) {}

  /** Goes on after `epochs` epochs; what files of an interrupted process hold beyond is dropped by TensorBoard. */
  static async open(folder: string, epochs: number, hasValidation: boolean): Promise<TensorBoardLog> {
    const create = (name: string) => EventFile.create(join(folder, name), epochs);
    const train = await create("train");
    try {
      return new TensorBoardLog(train, hasValidation ? await create("validation") : undefined);
    } catch (error) {
      await train.close();
      throw error;
    }
  }

  async endEpoch({ epoch, metrics, learningRate }: HistoryEntry): Promise<void> {
    const train: Record<string, number> = { epoch_learning_rate: learningRate };
    const validation: Record<string, number> = {};
    for (const [name, value] of Object.entries(metrics)) {
      if (name.startsWith("val_")) validation[`epoch_${name.slice(4)}`] = value;
      else train[`epoch_${name}`] = value;
    }
    await this.train.add((seconds) => scalarsEvent(seconds, epoch, train));
    await this.validation?.add((seconds) => scalarsEvent(seconds, epoch, validation));
  }

  /** Histograms by tag, as of the end of an epoch; 0: before the first one. */
  async histograms(epoch: number, histograms: Readonly<Record<string, Histogram>>): Promise<void> {
    await this.train.add((seconds) => histogramsEvent(seconds, epoch, histograms));
  }

  /** Pictures by tag that training sees in the first epoch. */
  async images(images: Readonly<Record<string, EventImage>>): Promise<void> {
    await this.train.add((seconds) => imagesEvent(seconds, 1, images));
  }

  /** The model, as bytes of a GraphDef. */
  async graph(graphDef: Uint8Array): Promise<void> {
    await this.train.add((seconds) => graphEvent(seconds, graphDef));
  }

  async close(): Promise<void> {
    await this.train.close();
    await this.validation?.close();
  }
}
