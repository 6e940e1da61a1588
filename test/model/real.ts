/** The real side of a run: a mock in this process, called through its application or over a socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import type { RunningMock } from '../../src/mock.ts';
import { START_MS } from '../admin/scene.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import type { Setting } from './model.ts';
import type { Place } from './model-state.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string | null;
  readonly type?: string;
  readonly body?: string;
}

/** Status 0: no response came. */
export interface Got {
  readonly status: number;
  readonly text: string;
}

/** The name of every file that is imported. */
export const FILE_NAME = 'a.yaml';
const BOUNDARY = 'part-of-a-model-run';

/** A form with a file; fields that are undefined are left out. */
export function formOf(
  fields: Record<string, string | undefined>,
  file: string,
): Pick<Call, 'type' | 'body'> {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
  const last = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file_name"; filename="${FILE_NAME}"\r\n\r\n${file}\r\n`;
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body: `${parts.join('')}${last}--${BOUNDARY}--\r\n`,
  };
}

export const instancePath = ({ project_id, instance_id }: Place): string =>
  `/v2/${project_id}/apigw/instances/${instance_id}`;

export class Real {
  mock: RunningMock;
  /** How far each task was seen to have come, and with what result: neither ever changes back. */
  readonly history = new Map<string, { rank: number; result: string }>();
  readonly #setting: Setting;
  readonly #folder: string | undefined;

  private constructor(setting: Setting, mock: RunningMock, folder: string | undefined) {
    this.#setting = setting;
    this.mock = mock;
    this.#folder = folder;
  }

  static async start(setting: Setting): Promise<Real> {
    const folder = setting.keeps === 'file' ? mkdtempSync(join(tmpdir(), 'apig-mock-model-')) : undefined;
    const mock = await startMock(setting, folder);
    await mock.control.clock.set({ mode: 'manual', now: new Date(setting.startMs).toISOString() });
    return new Real(setting, mock, folder);
  }

  get control() {
    return this.mock.control;
  }

  /** Ends the mock and starts another with its state. */
  async restart(): Promise<void> {
    const snapshot = JSON.stringify(await this.control.snapshot());
    await this.mock.close();
    this.mock = await startMock(this.#setting, this.#folder);
    if (this.#folder === undefined) await this.control.restore(JSON.parse(snapshot));
  }

  async close(): Promise<void> {
    await this.mock.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async send(call: Call): Promise<Got> {
    const { token = TOKEN } = call;
    const headers = {
      ...(token === null ? {} : { 'x-auth-token': token }),
      ...(call.type === undefined ? {} : { 'content-type': call.type }),
    };
    if (this.#setting.transport === 'socket') return this.#sendBySocket(call, headers);
    const app = await this.mock.app();
    const { statusCode, payload } = await app.inject({
      method: call.method,
      url: call.path,
      headers,
      ...(call.body === undefined ? {} : { payload: call.body }),
    });
    return { status: statusCode, text: payload };
  }

  async #sendBySocket(call: Call, headers: Record<string, string>): Promise<Got> {
    let status = 0;
    try {
      const response = await request(this.mock.url + call.path, {
        method: call.method,
        headers,
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      status = response.statusCode;
      return { status, text: await response.body.text() };
    } catch {
      return { status, text: '' };
    }
  }
}

const startMock = (setting: Setting, folder: string | undefined): Promise<RunningMock> =>
  testMock({
    fixtures: 'none',
    clock: 'manual',
    workers: setting.workers,
    maxRequests: setting.maxRequests,
    progression: setting.progression,
    ...(setting.seeded ? { seed: 'model' } : {}),
    ...(folder === undefined ? {} : { stateFile: join(folder, 'state.json') }),
  });

export { START_MS };
