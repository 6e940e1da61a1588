/** Times `startApigMock()` to its first response once the module is loaded; prints a list of milliseconds. */
import { ask } from '../running.js';

const [, , module, starts] = process.argv;
const { startApigMock } = await import(module);

async function once() {
  const beganMs = performance.now();
  const mock = await startApigMock();
  const { status } = await ask(Number(new URL(mock.url).port));
  const tookMs = performance.now() - beganMs;
  await mock.close();
  if (status !== 200) throw new Error(`status ${status}`);
  return tookMs;
}

const times = [];
for (let at = 0; at < Number(starts); at += 1) times.push(await once());
process.stdout.write(JSON.stringify(times));
