/**
 * What every channel of a padded step holds, -(2^100): exact in float32 and in JSON, and beyond what measurements reach.
 * A masking layer with this value comes first in the model of padded series.
 */
export const paddingValue = -(2 ** 100);
