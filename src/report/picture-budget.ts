import type { ExampleInputs } from "../data/example-set";
import { type Colour, decodeImage } from "../data/images/decode-image";
import type { Pixels } from "../data/images/define-image-op";
import { pictureUri } from "../data/images/picture-uri";
import { DataError } from "../shared/errors";

/** Pixels on the longer side; shown at half of it, sharp on dense screens. */
export const pictureSize = 192;
/** Of all pictures of one run: a report stays a file that can be sent by mail. */
const mostCharacters = 1_500_000;

/** Makes the pictures of a report, as data URIs, until they have become too many. */
export class PictureBudget {
  private left = mostCharacters;

  /** Undefined when there is no room left. */
  async add(pixels: Pixels): Promise<string | undefined> {
    if (this.left <= 0) return undefined;
    const uri = await pictureUri(pixels, pictureSize);
    this.left -= uri.length;
    return this.left >= 0 ? uri : undefined;
  }

  /** The image of an example as it is; undefined where it is no image, or can't be read any more. */
  async addExample(
    inputs: ExampleInputs,
    example: number,
    { origin, background }: { readonly origin: string; readonly background?: Colour },
  ): Promise<string | undefined> {
    if (inputs.kind !== "image" || this.left <= 0) return undefined;
    try {
      return await this.add(await decodeImage(inputs.image(example), origin, background));
    } catch (error) {
      if (error instanceof DataError) return undefined;
      throw error;
    }
  }
}
