/** Holds one response against what it should be, and notices what makes the rest of a run pointless. */
import { compare, type Difference, parseJson } from './matchers.ts';
import type { ExpectedResponse, Step } from './scenario.ts';
import { CouldNotRun, errorOf, objectOf, type Received } from './sending.ts';

/** Throws when the rest of the run would only repeat it: rejected credentials, a full quota. */
export function rejectUnusable(step: Step, received: Received): void {
  const isGood = step.kind !== 'request' || step.expect.status < 400;
  if (!isGood) return;
  if (received.status === 401)
    throw new CouldNotRun(
      `the credentials are rejected since then: ${errorOf(received)}: have they expired?`,
    );
  const { error_code, error_msg } = objectOf(received) ?? {};
  rejectQuota(String(error_code ?? ''), String(error_msg ?? ''));
}

/** The codes of quotas that are full: resources in all, groups, APIs, tasks. */
const QUOTAS = /^APIG\.310[0-9]$/;

export function rejectQuota(code: string, text: string): void {
  if (QUOTAS.test(code))
    throw new CouldNotRun(
      `a quota of the instance is full: ${code} ${text}: remove what is not needed there`,
    );
}

/** Everything in which a response differs from what is expected. */
export function checkResponse(
  expected: ExpectedResponse,
  received: Received,
  variables: ReadonlyMap<string, string>,
): Difference[] {
  const { status, headers = {}, body } = expected;
  // With another status it is another response: its body is shown, not compared.
  if (received.status !== status)
    return [{ at: 'status', expected: String(status), received: errorOf(received) }];
  const differences = Object.entries(headers).flatMap(([name, value]) =>
    compare(value, received.headers[name], { at: `header ${name}`, variables }),
  );
  if (body === undefined) return differences;
  const parsed = received.text === '' ? { value: undefined } : parseJson(received.text);
  if (parsed === undefined)
    return [...differences, { at: 'body', expected: 'JSON', received: received.text }];
  return [...differences, ...compare(body, parsed.value, { at: 'body', variables })];
}
