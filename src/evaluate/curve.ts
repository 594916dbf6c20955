/** Points of a curve, in the order of falling thresholds; the three arrays are equally long. */
export interface Curve {
  /** ROC: the part of the others that is taken for the class. Precision-recall: recall, the part of the class that is found. */
  readonly x: readonly number[];
  /** ROC: the part of the class that is found. Precision-recall: the part of those taken for the class that is of it. */
  readonly y: readonly number[];
  /** Scores of at least this are taken for the class; null at a ROC's (0, 0), where nothing is, and for averaged curves. */
  readonly thresholds: readonly (number | null)[];
}

/** How well one class's score tells its examples from all others. */
export interface ClassRanking {
  readonly label: string;
  /** Examples (steps) of the class, and others. */
  readonly positives: number;
  readonly negatives: number;
  /** Area under the ROC: the chance that one of the class has the higher score than one of the others, ties half; null without one of both. */
  readonly rocArea: number | null;
  /** Area under precision-recall as scikit-learn's average precision: the sum of precision times the step of recall; null without positives. */
  readonly averagePrecision: number | null;
  /** Null where the class has no area, or too many classes to show have. */
  readonly roc: Curve | null;
  readonly precisionRecall: Curve | null;
}

/** Two classes: the second one's score. More: each class's against the rest. */
export interface Ranking {
  /** Two classes: one entry, of the second class. More: one for each class, in the labels' order. */
  readonly classes: readonly ClassRanking[];
  /** Means over the classes that have an area; null where none has. For two classes the one there is. */
  readonly rocArea: number | null;
  readonly averagePrecision: number | null;
  /** More than two classes: the mean of the classes' true positive rates at each false positive rate; else null. */
  readonly macroRoc: Curve | null;
  /** How many examples (steps) the areas are of: all, or a seeded sample where scores of all would take too much memory. */
  readonly examples: number;
}
