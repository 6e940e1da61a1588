/** The sender of a run: its rate, its back-offs, what it sends again and what it does not. */
import { describe, expect, it } from 'vitest';
import { errorOf, limitedSender, type Received, type Send } from '../../src/conformance/sending.ts';
import { jumpingTime } from './harness.ts';

const OK: Received = { status: 200, headers: {}, text: '{}' };
const throttled = (headers: Record<string, string> = {}): Received => ({ status: 429, headers, text: '{}' });
const GET = { method: 'GET', path: '/a' } as const;
const POST = { method: 'POST', path: '/a' } as const;

/** A sender over these responses, the last one for ever. */
function sender(responses: readonly (Received | Error)[], perSecond = 1000, signal?: AbortSignal) {
  const time = jumpingTime();
  const notes: string[] = [];
  let count = 0;
  const raw: Send = async () => {
    const one = responses[Math.min(count, responses.length - 1)] ?? OK;
    count += 1;
    if (one instanceof Error) throw one;
    return one;
  };
  const limits = { perSecond, time, note: (line: string) => void notes.push(line) };
  return { send: limitedSender(raw, limits, signal), time, notes, sent: () => count };
}
const broken = new Error('reset');

describe('the rate', () => {
  it.each([
    [5, 200],
    [0.5, 2000],
  ])('of %s a second has %s ms between two requests', async (perSecond, ms) => {
    const { send, time } = sender([OK], perSecond);
    for (let at = 0; at < 4; at += 1) await send(GET);
    expect(time.waited).toEqual([ms, ms, ms]);
  });
});

describe('429', () => {
  it.each([
    ['grows without a Retry-After', {}, [1000, 2000]],
    ['is as long as its seconds', { 'retry-after': '7' }, [7000, 7000]],
    ['lasts until its date', { 'retry-after': new Date(30_000).toUTCString() }, [30_000, 0]],
    ['grows when it is nonsense', { 'retry-after': 'soon' }, [1000, 2000]],
  ])('%s', async (_name, headers, waits) => {
    const { send, time, notes } = sender([throttled(headers), throttled(headers), OK]);
    expect(await send(POST)).toBe(OK);
    expect(time.waited.filter((ms) => ms !== 1)).toEqual(waits.map((ms) => ms));
    expect(notes[0]).toMatch(/^throttled \(429\): waiting \d+ s$/);
  });

  it('ends the run when it does not end', async () => {
    const { send, sent } = sender([throttled()]);
    await expect(send(GET)).rejects.toThrow(/still throttles \(429\) after 8 back-offs: try again later/);
    expect(sent()).toBe(9);
  });
});

describe('a connection that breaks', () => {
  it.each([
    ['GET', GET],
    ['DELETE', { method: 'DELETE', path: '/a' } as const],
  ])('is tried again with a %s', async (_method, request) => {
    const { send, notes } = sender([broken, broken, OK]);
    expect(await send(request)).toBe(OK);
    expect(notes).toEqual([
      'the connection broke (reset): trying again in 1 s',
      'the connection broke (reset): trying again in 2 s',
    ]);
  });

  it('is not with a POST, which may have been done', async () => {
    const { send, sent } = sender([broken, OK]);
    await expect(send(POST)).rejects.toBe(broken);
    expect(sent()).toBe(1);
  });

  it('ends the run after four attempts', async () => {
    const { send, sent } = sender([broken]);
    await expect(send(GET)).rejects.toBe(broken);
    expect(sent()).toBe(4);
  });
});

describe('a stop', () => {
  it('sends nothing more', async () => {
    const controller = new AbortController();
    const { send, sent } = sender([OK], 5, controller.signal);
    await send(GET);
    controller.abort();
    await expect(send(GET)).rejects.toThrow('it was interrupted');
    expect(sent()).toBe(1);
  });
});

describe('an error in words', () => {
  it.each([
    [{ ...OK, status: 404, text: '{"error_code":"A","error_msg":"b"}' }, '404 A b'],
    [{ ...OK, status: 502, text: '<html>' }, '502'],
    [{ ...OK, status: 400, text: '[]' }, '400'],
  ])('%j', (received, words) => {
    expect(errorOf(received)).toBe(words);
  });
});
