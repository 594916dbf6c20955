import { join } from "node:path";
import type { HistoryEntry } from "../history";
import { EventFile } from "./event-file";

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
    await this.train.scalars(epoch, train);
    await this.validation?.scalars(epoch, validation);
  }

  async close(): Promise<void> {
    await this.train.close();
    await this.validation?.close();
  }
}
