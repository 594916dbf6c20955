/** The largest number whose square is a float32: the root of about 3.4e38. */
export const floatSquareLimit = Math.sqrt(2 ** 127 * (2 - 2 ** -23));
