import { CalibrationSums } from "./calibration";
import { classAverages } from "./class-averages";
import { classFigures } from "./class-figures";
import type { Confidence } from "./confidence";
import { confusionMatrix, frequentConfusions } from "./confusion-matrix";
import type { ClassDetails, ConfusedPair } from "./evaluation";
import { Highest } from "./highest";
import type { Mistake, Uncertain } from "./mistake";
import { areaStatistic } from "./ranking/area-statistic";
import { rankClasses } from "./ranking/rank-classes";
import { ScoreTable } from "./ranking/score-table";
import { bootstrap } from "./resampling/bootstrap";
import { countStatistic } from "./resampling/count-statistic";
import type { ShownExample } from "./shown-input";

const shown = 10;
const confusionsShown = 20;
/** Of float32. */
const roundingError = 1e-5;

interface TallyOptions {
  readonly labels: readonly string[];
  /** How many predictions will come. */
  readonly count: number;
  readonly seed: number;
}

/** What is predicted of classes, one prediction after the other. */
export class ClassTally {
  private readonly labels: readonly string[];
  private readonly truth: Int32Array;
  private readonly predicted: Int32Array;
  private readonly scores: ScoreTable;
  private readonly calibration = new CalibrationSums();
  private readonly mistakes = new Highest<Mistake>(shown);
  private readonly uncertain = new Highest<Uncertain>(shown);
  private readonly seed: number;
  private done = 0;

  constructor({ labels, count, seed }: TallyOptions) {
    this.labels = labels;
    this.seed = seed;
    this.truth = new Int32Array(count);
    this.predicted = new Int32Array(count);
    this.scores = new ScoreTable(count, { classes: labels.length === 2 ? 1 : labels.length, seed });
  }

  /** `probabilities` has one for each class. `show` is called for what is worth a look. */
  add(truth: number, probabilities: Float32Array, show: () => ShownExample): void {
    const { best, second, areProbabilities } = highestTwo(probabilities);
    const [probability, next] = [probabilities[best] ?? Number.NaN, probabilities[second] ?? Number.NaN];
    this.truth[this.done] = truth;
    this.predicted[this.done++] = best;
    this.scores.add(truth, probabilities);
    this.calibration.add(areProbabilities ? probability : Number.NaN, best === truth);
    const name = (index: number) => this.labels[index] ?? "";
    if (best !== truth) {
      this.mistakes.offer(probability, () => ({
        ...show(),
        label: name(truth),
        predicted: name(best),
        probability,
        truthProbability: probabilities[truth] ?? Number.NaN,
      }));
    }
    if (probabilities.length < 2) return;
    this.uncertain.offer(next - probability, () => ({
      ...show(),
      label: name(truth),
      predicted: name(best),
      probability,
      second: name(second),
      secondProbability: next,
    }));
  }

  /** `offsets` says where each unit's predictions begin, and, last, where all end; undefined where each is a unit of its own. */
  results(
    unit: Confidence["unit"],
    offsets?: Int32Array,
  ): { readonly details: ClassDetails; readonly confidence: Confidence | null } {
    const { labels, truth, predicted, scores, seed } = this;
    const confusion = confusionMatrix(truth, predicted, labels.length);
    const perClass = classFigures(confusion, labels);
    const ranking = scores.canBeRanked ? rankClasses(scores, labels) : null;
    const details: ClassDetails = {
      kind: "classes",
      labels,
      confusion,
      perClass,
      averages: classAverages(confusion, perClass),
      topConfusions: frequentConfusions(confusion, confusionsShown).map(
        (pair): ConfusedPair => ({
          label: labels[pair.truth] ?? "",
          predicted: labels[pair.predicted] ?? "",
          count: pair.count,
          share: pair.count / (perClass[pair.truth]?.support ?? Number.NaN),
        }),
      ),
      ranking,
      calibration: this.calibration.calibration,
      mistakes: this.mistakes.all,
      uncertain: this.uncertain.all,
    };
    const units = offsets ? offsets.length - 1 : truth.length;
    const counts = countStatistic({ truth, predicted, classes: labels.length, offsets });
    const areas = ranking ? [areaStatistic(scores, ranking, { unitOf: unitOf(scores, offsets), units })] : [];
    return { details, confidence: bootstrap([counts, ...areas], { unit, units, seed }) };
  }
}

/** The first of equal ones, as accuracy takes it; where none is a number, the first class. */
function highestTwo(probabilities: Float32Array) {
  let [best, second] = [0, -1];
  let areProbabilities = true;
  for (let index = 0; index < probabilities.length; index++) {
    const value = probabilities[index] as number;
    areProbabilities &&= value >= -roundingError && value <= 1 + roundingError;
    if (index === 0) continue;
    if (value > (probabilities[best] as number)) [best, second] = [index, best];
    else if (second < 0 || value > (probabilities[second] as number)) second = index;
  }
  return { best, second, areProbabilities };
}

function unitOf({ positions }: ScoreTable, offsets: Int32Array | undefined): Int32Array {
  if (!offsets) return positions;
  let unit = 0;
  return positions.map((position) => {
    while (position >= (offsets[unit + 1] as number)) unit++;
    return unit;
  });
}
