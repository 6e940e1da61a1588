/** The peers: what a user might pick instead. Installed on demand into a cache of the system's temporary folder. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonServer } from './peers/json-server.js';
import { mockoon } from './peers/mockoon.js';
import { mockttp, mockttpQuiet } from './peers/mockttp.js';
import { prism, prismSilent } from './peers/prism.js';
import { wiremock, wiremockTuned } from './peers/wiremock.js';

const run = promisify(execFile);
const CACHE = join(tmpdir(), 'apig-mock-bench-peers');

const ALL = [prism, prismSilent, mockoon, jsonServer, mockttp, mockttpQuiet, wiremock, wiremockTuned];

/** The folder a package is installed in; done once per version. */
async function install({ package: name, version }) {
  const folder = join(CACHE, `${name.replaceAll(/[@/]/g, '_')}-${version}`);
  if (existsSync(join(folder, 'installed'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder });
  writeFileSync(join(folder, 'installed'), '');
  return folder;
}

/**
 * Makes peers ready to start. `wanted` are the names to take, `all` for every one. What cannot be had is in
 * `missing`, with the reason.
 */
export async function preparePeers(wanted, progress) {
  const ready = [];
  const missing = [];
  for (const peer of ALL) {
    if (wanted !== 'all' && !wanted.includes(peer.name)) continue;
    try {
      progress(`peer ${peer.label}`);
      const folder = await install(peer);
      const command = await peer.prepare(folder);
      const { name, label, version, warmupSeconds } = peer;
      ready.push({ ...{ name, label, version, warmupSeconds }, peer: true, cwd: folder, ...command });
    } catch (cause) {
      missing.push({
        name: peer.label,
        why: String(cause.stderr || cause.message)
          .trim()
          .split('\n', 1)[0],
      });
    }
  }
  const unknown = wanted === 'all' ? [] : wanted.filter((name) => !ALL.some((peer) => peer.name === name));
  for (const name of unknown)
    missing.push({ name, why: `no such peer; there are ${ALL.map(({ name }) => name).join(', ')}` });
  return { ready, missing };
}
