/** The mock asks nobody: it opens no connection, looks up no name, starts no program and reads no file that a client names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { runChild } from '../support/child.ts';
import { command } from '../support/command.ts';
import { sendBytes, wireCall } from '../support/wire.ts';
import { SECRETS } from './secrets.ts';
import { controlCalls, everyOperation, faults, imports, logins, type Traffic } from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-outbound-'));
const PRELOAD = fileURLToPath(new URL('outbound.cjs', import.meta.url));
/** A file that documents name, and a place that they name; nobody may come to either. */
const bait = join(folder, 'bait.yaml');
writeFileSync(bait, 'get: {}\n');
let visits = 0;
const trap = createServer((socket) => {
  visits += 1;
  socket.destroy();
});
let place = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  place = `127.0.0.1:${(trap.address() as AddressInfo).port}`;
});
afterAll(() => {
  trap.close();
  rmSync(folder, { recursive: true, force: true });
});

const notesIn = (file: string): [what: string, to: string][] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, string]);

/** Documents that name a place or a file wherever one can be named. */
function documents(): string[] {
  const names = [
    `http://${place}/x`,
    `https://${place}/x#/a`,
    `//${place}/x`,
    bait,
    `file://${bait}`,
    'bait.yaml',
    './bait.yaml#/get',
    '../bait.yaml',
    '/etc/hostname',
  ];
  const backend = (url: string) => ({
    type: 'HTTP',
    httpEndpoints: { address: url, scheme: 'http', method: 'GET', path: '/' },
  });
  const json = names.flatMap((name) => {
    const operation = (rest: object) => ({
      get: { operationId: 'a', 'x-apigateway-backend': backend(name), ...rest },
    });
    const paths = [
      { $ref: name },
      operation({ parameters: [{ $ref: name }] }),
      operation({ responses: { 200: { $ref: name } } }),
      operation({ security: [{ a: [] }] }),
    ];
    return paths.flatMap((item, at) => [
      {
        swagger: '2.0',
        info: { title: `out${at}`, license: { url: name } },
        host: place,
        externalDocs: { url: name },
        paths: { '/a': item },
        securityDefinitions: { a: { type: 'oauth2', tokenUrl: name, authorizationUrl: name } },
      },
      {
        openapi: '3.0.0',
        info: { title: `out${at}` },
        servers: [{ url: name }],
        paths: { '/a': item },
        components: {
          securitySchemes: { a: { type: 'openIdConnect', openIdConnectUrl: name } },
          schemas: { a: { $ref: name } },
        },
      },
    ]);
  });
  const tags = ['!include', '!!js/require', '!!python/object/apply:os.system', '!Ref'];
  return [
    ...json.map((each) => JSON.stringify(each)),
    ...tags.map((tag) => `swagger: "2.0"\ninfo: ${tag} ${bait}\npaths: {}\n`),
    `<!DOCTYPE a [<!ENTITY b SYSTEM "file://${bait}">]><a>&b;</a>`,
  ];
}

async function importAll(port: number): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const content of documents()) {
    const body = formBody([filePart({ content }), { name: 'is_create_group', content: 'true' }]);
    const headers = {
      'x-auth-token': SECRETS.staticToken,
      'content-type': formType(BOUNDARY),
      'content-length': String(body.length),
    };
    const { text } = await wireCall({
      port,
      method: 'POST',
      target: '/v2/p1/apigw/instances/i1/openapi/import',
      headers,
      body,
    });
    const end = /"error_code":"([^"]+)"/.exec(text)?.[1] ?? 'taken';
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

describe('the mock', { timeout: 240_000 }, () => {
  it('contacts no one and reads nothing that it was not given, whatever comes', async () => {
    const [record, stateFile] = [join(folder, 'record'), join(folder, 'state.json')];
    const { ready, stop } = command(
      ['--port', '0', '--log-level', 'debug', '--progression', 'immediate', '--state-file', stateFile],
      {
        env: {
          APIG_MOCK_TOKENS: SECRETS.staticToken,
          APIG_MOCK_ADMIN_TOKEN: SECRETS.adminToken,
          OUTBOUND_FILE: record,
          NODE_OPTIONS: `--require=${PRELOAD}`,
        },
        cwd: folder,
      },
    );
    const port = Number(new URL(await ready).port);
    const traffic: Traffic = { port, taken: [], made: new Set() };
    const issued = await logins(traffic);
    await everyOperation(traffic, issued);
    await imports(traffic);
    await controlCalls(traffic);
    await faults(traffic);
    const ends = await importAll(port);
    for (const line of [
      `GET http://${place}/ HTTP/1.1`,
      `CONNECT ${place} HTTP/1.1`,
      `GET ${place}/ HTTP/1.1`,
    ])
      await sendBytes(
        port,
        `${line}\r\nhost: ${place}\r\nx-forwarded-host: ${place}\r\nconnection: close\r\n\r\n`,
      );
    const end = await stop();
    expect(end.code).toBe(0);
    const built = new RegExp(`^(?:file://)?${join(tmpdir(), 'apig-mock-built-')}\\w+/`);
    const notes = notesIn(record);
    expect(visits).toBe(0);
    expect(notes.filter(([what]) => what !== 'file')).toEqual([]);
    const files = new Set(notes.map(([, to]) => to).filter((to) => !built.test(to)));
    const own = ['', '.new', '.lock', '.1.log', '.2.log'].map((more) => stateFile + more);
    expect([...files].filter((to) => ![...own, folder, '/proc/self/limits'].includes(to))).toEqual([]);
    // Written beside it and renamed, so that it is never half a state.
    expect(files.has(`${stateFile}.new`)).toBe(true);
    expect(Object.keys(ends).length).toBeGreaterThan(1);
  });

  it('would be found out: the watch reports connections, look-ups, programs and files', async () => {
    const record = join(folder, 'proof');
    const lines = [
      `import { readFile } from 'node:fs/promises'; import { connect } from 'node:net'; import { lookup } from 'node:dns'; import { spawn } from 'node:child_process';`,
      `for (const ask of [() => connect(1), () => lookup('a'), () => spawn('true'), () => fetch('http://${place}/')]) { try { await ask(); } catch {} }`,
      `await readFile(${JSON.stringify(bait)});`,
    ];
    const script = join(folder, 'proof.mjs');
    writeFileSync(script, lines.join('\n'));
    await runChild(process.execPath, ['--require', PRELOAD, script], {
      env: { ...process.env, OUTBOUND_FILE: record },
    });
    expect([...new Set(notesIn(record).map(([what]) => what))].sort()).toEqual([
      'connection',
      'file',
      'look-up',
      'program',
    ]);
    expect(notesIn(record)).toContainEqual(['file', bait]);
    expect(visits).toBe(0);
  });
});
