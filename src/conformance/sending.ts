/** Sends the requests of a run one after the other: never faster than asked for, and backing off as the service asks. */
import { jsonObject } from '../core/json-error.ts';
import type { StepRequest } from './scenario.ts';

/** A response as it came. */
export interface Received {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends a request whose variables are filled in. Rejects when no whole response came. */
export type Send = (request: StepRequest) => Promise<Received>;

/** Real time, or that of a test. */
export interface Time {
  nowMs(): number;
  /** Waits; ends early when the signal is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface SendLimits {
  readonly perSecond: number;
  readonly time: Time;
  /** Reports why nothing happens for a while. */
  note(line: string): void;
}

/** The run cannot go on, or could not begin; the message is one line. */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}

const FIRST_BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 60_000;
const MAX_THROTTLED = 8;
/** How often a request that changes nothing twice is sent again when its connection broke. */
const MAX_BROKEN = 3;

/** The sender that all requests of a run go through. Sends nothing more once the signal is aborted. */
export function limitedSender(send: Send, { perSecond, time, note }: SendLimits, signal?: AbortSignal): Send {
  let nextMs = 0;
  const attempt = async (request: StepRequest): Promise<Received> => {
    const waitMs = nextMs - time.nowMs();
    if (waitMs > 0) await time.pause(waitMs, signal);
    if (signal?.aborted === true) throw new CouldNotRun('it was interrupted');
    nextMs = Math.max(nextMs, time.nowMs()) + 1000 / perSecond;
    return send(request);
  };
  return async (request) => {
    let throttled = 0;
    let broken = 0;
    for (;;) {
      let backOffMs: number;
      try {
        const received = await attempt(request);
        if (received.status !== 429) return received;
        if (throttled === MAX_THROTTLED)
          throw new CouldNotRun(
            `the service still throttles (429) after ${throttled} back-offs: try again later`,
          );
        backOffMs = retryAfterMs(received, time.nowMs()) ?? growing(throttled);
        throttled += 1;
        note(`throttled (429): waiting ${Math.ceil(backOffMs / 1000)} s`);
      } catch (cause) {
        // A POST may have been done although its response was lost.
        const isFinal = request.method === 'POST' || broken === MAX_BROKEN;
        if (isFinal || cause instanceof CouldNotRun) throw cause;
        backOffMs = growing(broken);
        broken += 1;
        note(`the connection broke (${(cause as Error).message}): trying again in ${backOffMs / 1000} s`);
      }
      await time.pause(backOffMs, signal);
    }
  };
}

const growing = (times: number): number => Math.min(FIRST_BACK_OFF_MS * 2 ** times, LONGEST_BACK_OFF_MS);

/** What `Retry-After` asks for: seconds, or a date. */
function retryAfterMs({ headers }: Received, nowMs: number): number | undefined {
  const text = headers['retry-after'] ?? '';
  if (/^\d{1,5}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** The JSON object of a response; undefined when it is none. */
export const objectOf = (response: Pick<Received, 'text'> | string) =>
  jsonObject(typeof response === 'string' ? response : response.text);

/** The error of a response in words: status, code and text. */
export function errorOf(received: Received): string {
  const { error_code = '', error_msg = '' } = objectOf(received) ?? {};
  return `${received.status} ${String(error_code)} ${String(error_msg)}`.trim();
}
