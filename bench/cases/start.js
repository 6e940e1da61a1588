/** Cold start: from spawn to the first 200 that was parsed, all ways in turn, many times. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonFrom } from '../child.js';
import { median, pairedRatio, round, spread } from '../figures.js';
import { startServer } from '../running.js';
import { mockCommand } from '../servers.js';

const run = promisify(execFile);

/** Packs the package and installs the tarball into an empty project, as a user would. */
async function install(folder, into) {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', into], { cwd: folder });
  const tarball = readdirSync(into).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(into, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--offline'];
  await run('npm', ['install', ...flags, `./${tarball}`], { cwd: into });
  return join(into, 'node_modules', 'apig-mock', 'dist', 'cli.js');
}

function waysOf({ all, peers, plan }, into, cli) {
  const npx = {
    name: 'npx',
    label: 'npx apig-mock, installed before',
    command: ['npx', '--offline', 'apig-mock', '--port', '{port}'],
    cwd: into,
  };
  return [
    { ...all.mock, name: 'installed', label: 'apig-mock, installed by npm', command: mockCommand(cli) },
    all.library,
    all.fastify,
    all.http,
    ...(plan.npx ? [npx] : []),
    ...peers,
  ];
}

/** `{rows, warmMs}`; `warmMs` is `startApigMock()` to its first response, module loaded. */
export async function measureStarts({ all, peers, folder, plan, rig, progress }) {
  progress(`cold start, ${plan.starts} times each`);
  const into = mkdtempSync(join(tmpdir(), 'apig-mock-bench-npm-'));
  try {
    const ways = waysOf({ all, peers, plan }, into, await install(folder, into));
    const times = new Map(ways.map(({ name }) => [name, []]));
    for (let at = -1; at < plan.starts; at += 1) {
      for (const way of ways) {
        const server = await startServer(way, { core: rig.serverCore }).catch((cause) => {
          if (way.peer === true) return undefined;
          throw cause;
        });
        if (server === undefined) continue;
        await server.stop();
        // The first one fills the caches of the disk.
        if (at >= 0) times.get(way.name).push(server.startMs);
      }
    }
    const rows = ways.filter(({ name }) => times.get(name).length > 0).map((way) => rowOf(way, times));
    const warm = await jsonFrom('servers/library-warm.js', [`${folder}dist/index.js`, '20'], {
      core: rig.serverCore,
    });
    return { rows, warmMs: round(median(warm.slice(1)), 1) };
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

function rowOf({ name, label, peer }, times) {
  const own = times.get(name);
  return {
    ...{ name, label, peer: peer === true },
    ms: round(median(own), 0),
    spreadMs: spread(own).map((ms) => round(ms, 0)),
    timesMs: own.map((ms) => round(ms, 1)),
    ofFastify: round(pairedRatio(own, times.get('fastify'))),
    ofHttp: round(pairedRatio(own, times.get('http'))),
  };
}
