/** What every rejection has in common, whatever it rejects. */
import { expect } from 'vitest';
import type { WireResponse } from './wire.ts';

/** Every response, whatever its content, has the provider's shape, its one content type, and a request id. */
export function expectShape(response: WireResponse, status: number, code: string): void {
  expect(response.status).toBe(status);
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  const body = JSON.parse(response.text) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['error_code', 'error_msg']);
  expect(body['error_code']).toEqual(code);
  expect(typeof body['error_msg']).toBe('string');
  expect(response.text).not.toMatch(/node_modules|\.ts:|\.js:|\n +at /);
}
