/** The report: secrets go out before texts are cut, JUnit is XML whatever a service responds, a stop is in it. */
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/conformance/redact.ts';
import { differenceRows, junitOf, type Report, reportOf } from '../../src/conformance/report.ts';
import type { RunResult, StepResult } from '../../src/conformance/run.ts';
import { POLLS } from '../../src/conformance/scenarios/reading.ts';

const [first, second, third] = POLLS.steps;
const SECRET = 'secret-key-of-a-user';

function report(received: string, more: Partial<RunResult> = {}): Report {
  const base = { scenario: POLLS, differences: [], durationMs: 12.4 };
  const results = [
    { ...base, step: first, outcome: 'passed', requestId: 'a'.repeat(32) },
    { ...base, step: second, outcome: 'differs', differences: [{ at: 'body', expected: '"x"', received }] },
    { ...base, step: third, outcome: 'skipped', reason: 'it takes "an" <access key>' },
  ] as StepResult[];
  return reportOf(
    { results, name: 'n', left: [], hasCreated: false, ...more },
    {
      ...{ version: '1.0.0', endpoint: 'https://apig.example.com', startedAt: '2026-01-02T03:04:05.000Z' },
      ...{ durationMs: 99.6, readOnly: true, isMock: false },
      redact: redactor([{ text: SECRET, name: 'secret key' }]),
    },
  );
}

describe('a report', () => {
  it('has what was run, and what came of it', () => {
    const { scenarios, ...rest } = report('"y"');
    expect(rest).toEqual({
      ...{ format: 1, tool: 'apig-mock conform', version: '1.0.0', endpoint: 'https://apig.example.com' },
      ...{ target: 'service', started_at: '2026-01-02T03:04:05.000Z', duration_ms: 100, read_only: true },
      ...{ left: [], totals: { passed: 1, differs: 1, skipped: 1 } },
    });
    expect(scenarios[0]?.steps[0]).toEqual({
      ...{ id: 'unknown-task', title: 'a task that does not exist', operation: 'ShowAsyncTaskResult' },
      ...{ promised: 'API reference of APIG, ShowAsyncTaskResult, read in 2026-11', outcome: 'passed' },
      ...{ differences: [], duration_ms: 12, request_id: 'a'.repeat(32) },
    });
  });

  it.each([10, 55, 150, 1990, 5000])(
    'has no piece of a secret at character %i, where a text is cut',
    (at) => {
      const whole = report(`${'x'.repeat(at)}${SECRET}${'y'.repeat(3000)}`);
      const text = [JSON.stringify(whole), junitOf(whole), differenceRows(whole).join('\n')].join('\n');
      for (let from = 0; from + 8 <= SECRET.length; from += 1)
        expect(text).not.toContain(SECRET.slice(from, from + 8));
      expect(differenceRows(whole)[1]?.[3]?.length).toBeLessThanOrEqual(61);
    },
  );

  it('has no rows without a difference', () => {
    const none = report('');
    expect(differenceRows({ ...none, scenarios: [] })).toEqual([]);
  });
});

describe('JUnit', () => {
  it('is XML, whatever a service responds', () => {
    const xml = junitOf(report('<&"\'\u0000\u001b[31m\ud800é图\u{1f600}\n'));
    expect(xml).toContain("received &lt;&amp;&quot;'[31mé图\u{1f600}&#10;");
    expect(xml).toContain('<skipped message="it takes &quot;an&quot; &lt;access key&gt;"/>');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none of these
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f]|\ud800(?![\udc00-\udfff])/);
  });

  it('has an error for a stop, and one for each thing left', () => {
    const xml = junitOf(
      report('', { stopped: `because of ${SECRET}`, left: ['API group a', 'API group b'] }),
    );
    expect(xml).toContain('<testsuite name="the run" tests="3" errors="3">');
    expect(xml).toContain('<error message="stopped: because of &lt;secret key&gt;"/>');
    expect(xml).toContain('<error message="left: API group b"/>');
  });
});
