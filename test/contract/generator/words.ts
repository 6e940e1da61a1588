/**
 * What the description states in prose alone, because OpenAPI cannot express it: each rule fixes a generated
 * request so that it conforms to the prose. And the rejections that are for the state of the mock, not for form.
 */
import type { Operation, Sent, Values } from './requests.ts';

const document = (title: string): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1' },
    paths: {
      '/a': {
        get: {
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
          responses: {},
        },
      },
    },
  });

/** A file that may be imported. */
export const OPENAPI_FILE = document('a-title');
/** A body that gives a token. */
export const TOKEN_REQUEST = {
  auth: { identity: { methods: ['password'], password: { user: { name: 'u', password: 'p' } } } },
};

/** "which needs project_id". */
function needsProject(values: unknown): void {
  const { instance_id: instance, project_id: project } = (values ?? {}) as Values;
  if (instance !== undefined && project === undefined) delete (values as Values)['instance_id'];
}

const FRAMING = /^(connection|content-length|date|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** "a delay takes ms or distribution", "before only where nothing is shaped", and the rules of checkFault. */
function fixFault(body: Values): void {
  const action = body['action'] as Values;
  if (/truncate|malformed|dribble/.test(String(action['type']))) delete body['phase'];
  if (action['type'] === 'delay') {
    if (action['ms'] !== undefined) delete action['distribution'];
    else action['distribution'] ??= { type: 'uniform', min: 1, max: 2 };
    const drawn = action['distribution'] as { min: number; max: number } | undefined;
    if (drawn !== undefined && drawn.min > drawn.max) [drawn.min, drawn.max] = [drawn.max, drawn.min];
  }
  if (action['type'] === 'error') {
    action['status'] ??= 500;
    const headers = action['headers'] as Values | undefined;
    for (const name of Object.keys(headers ?? {}))
      if (FRAMING.test(name) || /^retry-after$/i.test(name) || !/^[A-Za-z0-9-]{1,100}$/.test(name))
        delete headers?.[name];
  }
}

const RULES: Readonly<Record<string, (sent: Sent, body: Values) => void>> = {
  ImportApiDefinitionsAsync: fixForm,
  ImportApiDefinitionsV2: fixForm,
  BatchPublishOrOfflineApiV2: (_sent, body) => {
    if (((body['apis'] as unknown[] | undefined) ?? []).length === 0 && !body['group_id'])
      body['group_id'] = 'g1';
  },
  KeystoneCreateUserTokenByPassword: (_sent, body) => {
    const auth = body['auth'] as {
      identity: { methods: string[]; password?: { user: Values } };
      scope?: Values;
    };
    auth.identity.methods.push('password');
    auth.identity.password ??= { user: { password: 'x' } };
    auth.identity.password.user['name'] ??= 'u';
    const project = auth.scope?.['project'] as Values | undefined;
    if (project !== undefined) project['name'] ??= 'p1';
  },
  waitForTask: ({ query }) => Object.assign(query, { timeout_ms: 5 }),
  waitForIdle: ({ query }) => Object.assign(query, { timeout_ms: 5 }),
  setClock: (_sent, body) => {
    if (body['now'] !== undefined)
      body['now'] = String(body['now'])
        .replace(/^.{19}/, '2030-01-31T12:00:00')
        .replace(/[+-]..:..$/, '+05:30');
  },
  setPlan: (_sent, body) => {
    if (body['plan'] === null) delete body['times'];
  },
  addFault: (_sent, body) => fixFault(body),
};

function fixForm(_sent: Sent, body: Values): void {
  if (/false/i.test(String(body['is_create_group'])) && String(body['group_id'] ?? '').trim() === '')
    body['group_id'] = 'g1';
  body['file_name'] = document(`title-${String(body['file_name']).length}`);
}

/** Changes a generated request so that it conforms to what is stated in prose. */
export function keepToWords({ described, method, path }: Operation, sent: Sent): Sent {
  const fixed = structuredClone(sent);
  RULES[described.operationId]?.(fixed, (fixed.body ?? {}) as Values);
  if (method !== 'get' || path.endsWith('/clock')) {
    needsProject(fixed.query);
    if (path.startsWith('/__admin') && described.operationId !== 'addFault') needsProject(fixed.body);
  }
  return fixed;
}

/** Rejections for what is there or not, by code; and those with 400, by their reason. */
const OF_STATE = /^APIG\.(30(?:01|02|03|15|20|93)|3201|3205|34(?:15|16|18)|3718)$/;
const BY_REASON =
  /is taken in this scope|only manual ones are stepped|is held$|has ended$|beyond the year 9999|there is no fault|^RELEASE is the environment|^Request timeout|still (waiting|processing)|X-Subject-Token is not a token|it is not one of this mock/;

/** Whether a rejection is for the state of the mock. */
export const isOfState = (code: string, reason: string): boolean =>
  OF_STATE.test(code) || BY_REASON.test(reason);
