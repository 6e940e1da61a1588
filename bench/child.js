/** Runs a script of the benchmark in a Node of its own and reads the JSON it prints. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pinned } from './machine.js';

/** `script` is relative to bench/; stderr goes through. Rejects when it prints no JSON. */
export async function jsonFrom(script, args, { core, flags = [] } = {}) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [file, ...rest] = pinned([process.execPath, ...flags, path, ...args], core);
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const output = await text(child.stdout);
  process.off('exit', kill);
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`${script} printed no figures: '${output.slice(0, 200)}'`);
  }
}
