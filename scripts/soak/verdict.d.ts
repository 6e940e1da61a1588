/** What the tests of the verdict hand in. */
export interface Sample {
  readonly heapMiB: number;
  readonly rssMiB: number;
  readonly delayMs: number;
  readonly responses: number;
}
interface Open {
  readonly descriptors: number | undefined;
  readonly handles: number;
}
export interface Figures {
  readonly samples: readonly Sample[];
  readonly before: Open;
  readonly after: Open | undefined;
  readonly requests: number;
  readonly wrong: readonly string[];
  readonly end: { readonly code: number | null; readonly signal: string | null; readonly tookMs: number };
}
export function faultsOf(figures: Figures): string[];
