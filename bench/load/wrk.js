/** Load by wrk: one thread, one request at a time on each connection; its own figures, read as JSON. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pinned } from '../machine.js';
import { requestText } from './requests.js';

const run = promisify(execFile);

/** Several requests take turns; one alone is wrk's own, which costs it least. */
const TAKE_TURNS = `
local requests, at = {}, 0
function init(args)
  local file = assert(io.open(args[1], "rb"))
  for text in file:read("*a"):gmatch("[^%z]+") do requests[#requests + 1] = text end
  file:close()
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`;

const REPORT = `
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"rejected":%d,"broken":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
`;

/** Runs one round; `{requests, seconds, perSecond, p50Ms, p99Ms, rejected, broken}`, `rejected` = status 400 and above. */
export async function loadByWrk({ port, requests, seconds, connections, core }) {
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-bench-'));
  try {
    const script = join(folder, 'load.lua');
    const list = join(folder, 'requests');
    const single = requests.length === 1;
    writeFileSync(script, single ? REPORT : TAKE_TURNS + REPORT);
    if (!single) writeFileSync(list, requests.map((request) => requestText(request, port)).join('\0'));
    const [{ path, headers }] = requests;
    const command = [
      ...[
        'wrk',
        '-t',
        '1',
        '-c',
        String(connections),
        '-d',
        `${Math.ceil(seconds)}s`,
        '--timeout',
        '10s',
        '-s',
        script,
      ],
      ...(single ? Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]) : []),
      `http://127.0.0.1:${port}${single ? path : '/'}`,
      ...(single ? [] : ['--', list]),
    ];
    const [file, ...args] = pinned(command, core);
    const { stdout } = await run(file, args);
    const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)[1]);
    return { ...result, perSecond: result.requests / result.seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
