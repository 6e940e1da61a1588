/** Chooses the load generator: wrk where it is installed, else raw sockets in a second Node. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { has, pinned } from '../machine.js';
import { loadByWrk } from './wrk.js';

const MAIN = fileURLToPath(new URL('sockets-main.js', import.meta.url));

async function loadByNode({ core, ...order }) {
  const [file, ...args] = pinned([process.execPath, MAIN], core);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  return JSON.parse(await text(child.stdout));
}

/**
 * `{name, why, load}`; `wanted` is `wrk`, `node` or undefined for the better one that is there. Throws for a wrk that
 * is wanted and not there.
 */
export function chooseGenerator(wanted, isWrkThere = has('wrk', ['-v'])) {
  if (wanted === 'wrk' && !isWrkThere) throw new Error('--generator=wrk: wrk is not installed');
  if (wanted !== 'node' && isWrkThere) return { name: 'wrk', why: 'it is installed', load: loadByWrk };
  const why = wanted === 'node' ? 'by --generator' : 'wrk is not installed';
  return { name: 'raw sockets of Node', why, load: loadByNode };
}
