/** True and false positives at each threshold, rising: the histograms summed from behind. */
function cumulate(histogram: Float64Array): Float64Array {
  const sums = Float64Array.from(histogram);
  for (let index = sums.length - 2; index >= 0; index--) sums[index] = at(sums, index) + at(sums, index + 1);
  return sums;
}

/**
 * Area under the ROC curve by trapezoids. The histograms count positive and negative examples by the highest of the rising
 * thresholds that their score passes. NaN unless there are both kinds.
 */
export function areaUnderRoc(positives: Float64Array, negatives: Float64Array): number {
  const [truePositives, falsePositives] = [cumulate(positives), cumulate(negatives)];
  const total = at(truePositives, 0) * at(falsePositives, 0);
  if (total === 0) return Number.NaN;
  let area = 0;
  for (let index = 0; index < truePositives.length; index++) {
    const width = at(falsePositives, index) - at(falsePositives, index + 1);
    area += (width * (at(truePositives, index) + at(truePositives, index + 1))) / 2;
  }
  return area / total;
}

/**
 * Area under the precision-recall curve, interpolated between thresholds as Davis and Goadrich (2006) show: there
 * the true positives are linear in all positives, the precision is not. NaN without positive examples.
 */
export function areaUnderPrecisionRecall(positives: Float64Array, negatives: Float64Array): number {
  const [truePositives, falsePositives] = [cumulate(positives), cumulate(negatives)];
  const total = at(truePositives, 0);
  if (total === 0) return Number.NaN;
  let area = 0;
  for (let index = 0; index < truePositives.length; index++) {
    const upper = at(truePositives, index) + at(falsePositives, index);
    const lower = at(truePositives, index + 1) + at(falsePositives, index + 1);
    const gained = at(truePositives, index) - at(truePositives, index + 1);
    if (gained === 0) continue;
    const slope = gained / (upper - lower);
    const intercept = at(truePositives, index + 1) - slope * lower;
    area += slope * (gained + (lower > 0 ? intercept * Math.log(upper / lower) : 0));
  }
  return area / total;
}

/** 0 behind the end: above the highest threshold nothing is positive. */
function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
