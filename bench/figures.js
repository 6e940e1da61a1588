/** The arithmetic of the benchmark: medians, ratios of paired rounds, and how figures are written. */

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Each round's own ratio, then the middle one: what a slow minute does to both sides cancels out. */
export const pairedRatio = (above, below) => median(above.map((value, round) => value / below[round]));

/** Lowest and highest of a list. */
export const spread = (values) => [Math.min(...values), Math.max(...values)];

export const round = (value, digits = 2) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : null);

export const MIB = 1024 * 1024;
