/** `POST /__admin/sign-check` over a socket: what it reports about good and bad signatures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSdkDate, signRequest } from '../../src/iam/signature.ts';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { wireCall } from '../support/wire.ts';
import { nowOf, TASK } from './signed-call.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual' });
});
afterAll(() => mock.close());

describe('POST /__admin/sign-check', () => {
  const check = async (secret: string, more: object = {}) => {
    const headers: Record<string, string> = {
      host: 'example.com',
      'x-sdk-date': formatSdkDate(await nowOf(mock)),
    };
    headers['authorization'] = signRequest(
      { method: 'GET', target: TASK, headers, body: Buffer.alloc(0) },
      { accessKey: 'dev-ak', secret, signedHeaders: 'host;x-sdk-date' },
    );
    const response = await wireCall({
      port: mock.port,
      method: 'POST',
      target: '/__admin/sign-check',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'GET', target: TASK, headers, ...more }),
    });
    return { response, report: JSON.parse(response.text) };
  };

  it('finds nothing wrong with a good signature', async () => {
    const { response, report } = await check('dev-sk');
    expect(response.status).toBe(200);
    expect(report.ok).toBe(true);
  });

  it('shows where a signature goes wrong, and no secret', async () => {
    const { response, report } = await check('wrong');
    expect(report.ok).toBe(false);
    expect(report.steps.length).toBeGreaterThan(3);
    expect(response.text).not.toContain('dev-sk');
    const other = await check('dev-sk', { target: `${TASK}?limit=1` });
    expect(other.report.ok).toBe(false);
  });
});
