/** Load by Node alone: raw sockets, one request at a time on each. In the process that calls it. */
import { connect } from 'node:net';
import { requestText } from './requests.js';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
/** Latencies are counted in boxes of this width, up to a second. */
const BOX_MS = 0.05;
const BOXES = 20_000;

/** Where the first response in these bytes ends; -1 when more must come. */
function responseEnd(bytes) {
  const head = bytes.indexOf(HEAD_END);
  if (head < 0) return -1;
  const text = bytes.latin1Slice(0, head);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length !== undefined) {
    const end = head + 4 + Number(length);
    return bytes.length >= end ? end : -1;
  }
  // Chunked: with one request at a time nothing follows the last chunk.
  return bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? bytes.length : -1;
}

class Tally {
  requests = 0;
  rejected = 0;
  broken = 0;
  #boxes = new Uint32Array(BOXES);

  note(ms, status) {
    this.requests += 1;
    if (status >= 400) this.rejected += 1;
    this.#boxes[Math.min(Math.floor(ms / BOX_MS), BOXES - 1)] += 1;
  }

  percentileMs(share) {
    let left = this.requests * share;
    const box = this.#boxes.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return (box + 1) * BOX_MS;
  }
}

/** One connection: sends the next request when the response is there, until it is stopped. */
function keepAsking({ port, nextText, tally, enough }) {
  return new Promise((resolve) => {
    let pending;
    let sentMs = 0;
    let finished = false;
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const send = () => {
      if (enough()) {
        finished = true;
        socket.end();
        return;
      }
      sentMs = performance.now();
      socket.write(nextText(), 'latin1');
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      const bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
      const end = responseEnd(bytes);
      pending = end < 0 ? bytes : undefined;
      if (end < 0) return;
      // "HTTP/1.1 200"
      tally.note(performance.now() - sentMs, Number(bytes.latin1Slice(9, 12)));
      send();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!finished) tally.broken += 1;
      resolve();
    });
  });
}

/**
 * Runs one round of `seconds`, or of `count` requests. Returns the same as the other generator:
 * `{requests, seconds, perSecond, p50Ms, p99Ms, rejected, broken}`.
 */
export async function loadBySockets({
  port,
  requests,
  connections,
  seconds,
  count = Number.POSITIVE_INFINITY,
}) {
  const texts = requests.map((request) => requestText(request, port));
  const tally = new Tally();
  let sent = 0;
  const nextText = () => texts[sent++ % texts.length];
  const beganMs = performance.now();
  const endMs = seconds === undefined ? Number.POSITIVE_INFINITY : beganMs + seconds * 1000;
  const enough = () => sent >= count || performance.now() >= endMs;
  await Promise.all(Array.from({ length: connections }, () => keepAsking({ port, nextText, tally, enough })));
  const took = (performance.now() - beganMs) / 1000;
  const { requests: done, rejected, broken } = tally;
  return {
    ...{ requests: done, seconds: took, perSecond: done / took, rejected, broken },
    p50Ms: tally.percentileMs(0.5),
    p99Ms: tally.percentileMs(0.99),
  };
}
