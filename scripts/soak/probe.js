/**
 * Loaded into the mock before it starts: reports, when asked, what it holds after a collection and how long its event
 * loop was ever blocked. With `APIG_SOAK_SABOTAGE` it breaks the mock on purpose, to see that the soak notices.
 */
import { openSync } from 'node:fs';
import { ServerResponse } from 'node:http';

const PERIOD_MS = 10;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let last = { ms: performance.now(), cpuMs: cpuMs() };
/** The longest that the loop was held up by work of the mock's own: what others on the machine took is not its. */
let longestMs = 0;
const look = () => {
  const now = { ms: performance.now(), cpuMs: cpuMs() };
  const lateMs = Math.min(now.ms - last.ms, now.cpuMs - last.cpuMs) - PERIOD_MS;
  longestMs = Math.max(longestMs, lateMs);
  last = now;
};
setInterval(look, PERIOD_MS).unref();

process.on('message', () => {
  look();
  const delayMs = longestMs;
  for (let round = 0; round < 2; round += 1) global.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  process.send({ rss, heapUsed: heapUsed + external, handles, delayMs });
  // The collection itself is no delay of the mock's.
  last = { ms: performance.now(), cpuMs: cpuMs() };
  longestMs = 0;
});
process.channel.unref();

const leaked = [];
const sabotage = {
  memory: () => setInterval(() => leaked.push(new Array(50_000).fill(leaked.length)), 10).unref(),
  descriptors: () => setInterval(() => leaked.push(openSync('/dev/null')), 50).unref(),
  delay: () =>
    setTimeout(() => {
      const endMs = cpuMs() + 1500;
      while (cpuMs() < endMs);
    }, 1500).unref(),
  response() {
    const end = ServerResponse.prototype.end;
    let responses = 0;
    ServerResponse.prototype.end = function (body, ...more) {
      responses += 1;
      const wrong = responses > 2000 && typeof body === 'string' && body.includes('"waiting"');
      return end.call(this, wrong ? body.replace('"waiting"', '"wartend"') : body, ...more);
    };
  },
};
sabotage[process.env.APIG_SOAK_SABOTAGE]?.();
