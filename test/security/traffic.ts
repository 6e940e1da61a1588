/**
 * Every kind of call, with known secrets in it: each described operation by each caller, good and rejected; the
 * forms, the logins, the faults, the control calls. The responses are recorded, to be searched.
 */

import { document } from '../admin/scene.ts';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { ADMIN_CALLERS, callersOf } from './callers.ts';
import { SECRETS } from './secrets.ts';

export interface Shot {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface Taken extends Shot {
  readonly response: WireResponse;
}

export interface Traffic {
  readonly port: number;
  /** All responses, in order. */
  readonly taken: Taken[];
  /** Signatures and tokens that were made on the way. */
  readonly made: Set<string>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ADMIN = { authorization: `Bearer ${SECRETS.adminToken}` };
const QUERY = `token=${SECRETS.queryToken}&X-Auth-Token=${SECRETS.queryToken}`;
const INSTANCE = '/v2/p1/apigw/instances/i1';
const DOCUMENTED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';

/** Makes one call; one that ends without a response (a fault) has none to record. */
export async function shoot(traffic: Traffic, shot: Shot): Promise<WireResponse | undefined> {
  const { body, headers = {} } = shot;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const sent = { port: traffic.port, ...shot, headers: { ...headers, ...length } };
  const response = await wireCall(sent).catch(() => undefined);
  if (response !== undefined) traffic.taken.push({ ...shot, response });
  return response;
}

/** A call of `/__admin` by someone who may. */
export async function admin(traffic: Traffic, method: string, target: string, json?: unknown) {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const response = await shoot(traffic, { method, target, headers: { ...ADMIN, ...JSON_TYPE }, ...body });
  if (response === undefined || response.status >= 400)
    throw new Error(`${method} ${target}: ${response?.status} ${response?.text}`);
  return response;
}

const login = (password: unknown, more: object = {}): string =>
  JSON.stringify({
    auth: {
      identity: { methods: ['password'], password: { user: { name: 'u', password } } },
      scope: { project: { id: 'p1' } },
      ...more,
    },
  });

/** Logs in well and badly; returns a token. */
export async function logins(traffic: Traffic): Promise<string> {
  const tokens = { method: 'POST', target: '/v3/auth/tokens', headers: JSON_TYPE };
  const good = await shoot(traffic, { ...tokens, body: login(SECRETS.password) });
  const issued = String(good?.headers['x-subject-token']);
  traffic.made.add(issued);
  const { password } = SECRETS;
  const bad = [login([password]), login({ [password]: password }), login(password, { scope: password })];
  const broken = [`{"password":"${password}`, `{"password":${password}}`, password, `"${password}"`];
  for (const body of [...bad, ...broken, `{"auth":{"identity":{"methods":["${password}"]}}}`]) {
    await shoot(traffic, { ...tokens, body });
    await shoot(traffic, { ...tokens, body, headers: { 'content-type': 'text/plain' } });
    await shoot(traffic, { ...tokens, body, target: `${tokens.target}?${QUERY}` });
  }
  return issued;
}

/** The described operations: method and URL, the parameters filled in. */
async function described(traffic: Traffic): Promise<[method: string, url: string][]> {
  const { paths } = JSON.parse((await admin(traffic, 'GET', '/__admin/openapi.json')).text) as {
    paths: Record<string, object>;
  };
  const filled = (url: string): string =>
    url
      .replace('{project_id}', 'p1')
      .replace('{instance_id}', 'i1')
      .replace('{task_id}', DOCUMENTED)
      .replaceAll(/\{\w+\}/g, 'unknown');
  return Object.entries(paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), filled(url)]),
  );
}

/** Each operation of the emulated API by each caller, with tokens in the query as well, and odd paths. */
export async function everyOperation(traffic: Traffic, issued: string, most = 100): Promise<void> {
  const callers = callersOf(traffic.made, () => Date.now(), issued);
  const emulated = (await described(traffic)).filter(([, url]) => !url.startsWith('/__admin'));
  const operations = emulated.slice(0, most);
  const odd = [
    '/nowhere',
    '/v2/%zz',
    `${INSTANCE}/async-tasks/a.b`,
    `${INSTANCE}/async-tasks/${'x'.repeat(65)}`,
  ];
  for (const [method, url] of [...operations, ...odd.map((each): [string, string] => ['GET', each])]) {
    const body = Buffer.from(method === 'GET' ? '' : `{"secret":"${SECRETS.body}"}`);
    for (const target of [url, `${url}?${QUERY}`])
      await Promise.all(
        callers.map(([, caller]) => {
          const headers = { ...caller({ method, target, body }), ...(body.length > 0 ? JSON_TYPE : {}) };
          return shoot(traffic, { method, target, headers, ...(body.length > 0 ? { body } : {}) });
        }),
      );
  }
}

/** A document whose back end carries credentials. */
export const DOCUMENT = document('known').replace(
  '"x-apigateway-backend"',
  () => `"x-apigateway-frontend":{"secret":"${SECRETS.backend}"},"x-apigateway-backend"`,
);

/** Imports that are taken and imports that are rejected. The rejected ones hold a secret where the reader stumbles. */
export async function imports(traffic: Traffic): Promise<void> {
  const headers = { 'x-auth-token': SECRETS.staticToken, 'content-type': formType(BOUNDARY) };
  const { file } = SECRETS;
  const texts = [
    DOCUMENT,
    `{"swagger":"2.0",${file}}`,
    `a: [${file}`,
    `${file}: "\n  - ]`,
    `a: !!${file} 1`,
    `a: *${file}`,
  ];
  for (const text of texts) {
    const content = [filePart({ content: text }), { name: 'is_create_group', content: 'true' }];
    for (const path of ['async-import', 'import'])
      await shoot(traffic, {
        method: 'POST',
        target: `${INSTANCE}/openapi/${path}`,
        headers,
        body: formBody(content),
      });
  }
  const forms = [
    [
      { name: 'group_id', content: file },
      { name: 'group_id', content: file },
    ],
    [{ name: 'is_create_group', content: file }, filePart()],
    [{ name: 'group_id', content: file }, filePart()],
  ];
  for (const parts of forms)
    await shoot(traffic, {
      method: 'POST',
      target: `${INSTANCE}/openapi/async-import`,
      headers,
      body: formBody(parts),
    });
  const half = {
    method: 'POST',
    target: `${INSTANCE}/openapi/async-import`,
    headers,
    body: `--x\r\n${file}`,
  };
  await shoot(traffic, half);
}

const ACTIONS: object[] = [
  { type: 'error', status: 500 },
  { type: 'error', status: 429 },
  { type: 'delay', ms: 1 },
  { type: 'reset' },
  { type: 'empty' },
  { type: 'truncate' },
  { type: 'malformed' },
  { type: 'dribble', ms: 1 },
];

/** Each fault, before and after the work, met by a poll and by a login. */
export async function faults(traffic: Traffic): Promise<void> {
  const poll = {
    target: `${INSTANCE}/async-tasks/${DOCUMENTED}`,
    headers: { 'x-auth-token': SECRETS.staticToken },
  };
  const token = {
    method: 'POST',
    target: '/v3/auth/tokens',
    headers: JSON_TYPE,
    body: login(SECRETS.password),
  };
  for (const action of ACTIONS) {
    for (const phase of ['before', 'after']) {
      for (const [operation, shot] of [
        ['ShowAsyncTaskResult', poll],
        ['KeystoneCreateUserTokenByPassword', token],
      ] as const) {
        const headers = { ...ADMIN, ...JSON_TYPE };
        const fault = JSON.stringify({ operation, times: 1, phase, action });
        await shoot(traffic, { method: 'POST', target: '/__admin/faults', headers, body: fault });
        const response = await shoot(traffic, shot);
        const issued = response?.headers['x-subject-token'];
        if (typeof issued === 'string') traffic.made.add(issued);
      }
    }
  }
  await admin(traffic, 'DELETE', '/__admin/faults');
}

/** Each control call by each caller: bodies that cannot be read, bodies that are rejected. None of them succeeds in a change. */
export async function controlCalls(traffic: Traffic): Promise<void> {
  const { body: secret } = SECRETS;
  const bodies = [
    `{"a":"${secret}`,
    `{"a":${secret}}`,
    secret,
    `{"project_id":["${secret}"]}`,
    `["${secret}"]`,
  ];
  for (const [method, url] of (await described(traffic)).filter(([, each]) => each.startsWith('/__admin')))
    for (const [name, headers] of ADMIN_CALLERS) {
      if (method === 'GET') {
        if (url === '/__admin/events' && name === 'the admin token') continue;
        const targets = [url.endsWith('/wait') ? `${url}?timeout_ms=1` : url, `${url}?${QUERY}`];
        await Promise.all(targets.map((target) => shoot(traffic, { method, target, headers })));
        continue;
      }
      const target = `${url}?${QUERY}`;
      const typed = ['application/json', 'text/plain'].map((type) => ({ ...headers, 'content-type': type }));
      await Promise.all(
        typed.flatMap((each) =>
          bodies.map((body) => shoot(traffic, { method, target, headers: each, body })),
        ),
      );
    }
}
