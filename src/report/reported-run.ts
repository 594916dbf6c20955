import type { ClassCounts } from "../data/class-balance";
import type { InputKind, SplitName, Task } from "../data/example-set";
import type { Evaluation } from "../evaluate/evaluation";
import type { ShownExample } from "../evaluate/shown-input";
import type { ModelDescription } from "../model/describe-model";
import type { HistoryEntry } from "../train/history";
import type { Reasons } from "./reasons/reason";

/** What a report says of one model, or of a run that has made none yet. */
export interface ReportedRun {
  /** As the user calls it. */
  readonly path: string;
  readonly name: string;
  readonly state: "finished" | "unfinished";
  readonly history: readonly HistoryEntry[];
  /** The figure that decides which epoch is the best, and that epoch; undefined where no epoch has the figure. */
  readonly best?: { readonly figure: string; readonly epoch: number } | undefined;
  /** Undefined while the run is unfinished. */
  readonly trained?: TrainedFacts | undefined;
  /** Resolved, every default filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What was done to the config on the command line, and the model whose weights came first. */
  readonly origin?:
    | { readonly configPath: string; readonly overrides: readonly string[]; readonly initFrom: string | null }
    | undefined;
  readonly versions: Readonly<Record<string, string | null>>;
  readonly model?: ReportedModel | undefined;
  readonly evaluation?: ReportedEvaluation | undefined;
  readonly data?: ReportedData | undefined;
  /** What is not in the report and why, in sentences. */
  readonly missing: readonly string[];
}

export interface TrainedFacts {
  readonly task: Task;
  readonly device: string;
  readonly engine: string;
  readonly seed: number;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
  /** ISO 8601. */
  readonly finishedAt: string;
  /** The epoch whose weights are saved, and its figures; null for one that is not defined. */
  readonly epoch: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface ReportedModel extends ModelDescription {
  /** An `<svg>` element that brings its style. */
  readonly diagram: string;
}

export interface ReportedEvaluation extends Evaluation {
  /** Small pictures of the examples that are shown, as data URIs, by their number in the evaluated set. */
  readonly pictures: ReadonlyMap<number, string>;
  /** What the worst mistakes hung on, where that was looked for and can be said. */
  readonly reasons?: Reasons | undefined;
}

export interface ReportedData {
  readonly kind: InputKind;
  readonly examples: Readonly<Record<SplitName, number>>;
  /** Where there are classes. */
  readonly balance?:
    | { readonly labels: readonly string[]; readonly counts: Readonly<Record<SplitName, ClassCounts>> }
    | undefined;
  /** Of training examples: lengths of texts and series before they are cut or filled up, and values that are to be predicted. */
  readonly distributions: readonly Distribution[];
  /** Of numbers in a row: of the training examples. */
  readonly features?: readonly FeatureFigures[] | undefined;
  readonly samples: readonly ReportedSample[];
}

export interface Distribution {
  /** "Lengths in tokens". */
  readonly title: string;
  readonly unit: string;
  /** One more than counts, ascending. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly note?: string | undefined;
}

export interface FeatureFigures {
  readonly name: string;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  readonly missing: number;
}

/** A training example: as it is, and as the model sees it. */
export interface ReportedSample extends ShownExample {
  readonly label: string;
  /** Data URIs with what each is ("as it is", "augmented"); none where there is nothing to see. */
  readonly pictures: readonly { readonly what: string; readonly uri: string }[];
  /** Of a text: its first tokens as the model knows them (characters in one piece), whether there are more, and how many there are. */
  readonly tokens?: { readonly first: readonly string[]; readonly isCut: boolean; readonly count: number } | undefined;
}
