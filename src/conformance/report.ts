/** What a run found, as a report: JSON, JUnit, and the rows of a table. Secrets go out before anything is cut. */
import type { Redact } from './redact.ts';
import type { RunResult } from './run.ts';
import { SOURCES } from './sources.ts';

export interface ReportOptions {
  readonly version: string;
  /** Without user, path and query. */
  readonly endpoint: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly readOnly: boolean;
  readonly isMock: boolean;
  readonly redact: Redact;
}

interface ReportedDifference {
  readonly at: string;
  readonly expected: string;
  readonly received: string;
}
interface ReportedStep {
  readonly id: string;
  readonly title: string;
  readonly operation: string | null;
  readonly promised: string;
  readonly outcome: 'passed' | 'differs' | 'skipped';
  readonly reason?: string;
  readonly differences: readonly ReportedDifference[];
  readonly duration_ms: number;
  readonly request_id?: string;
}
interface ReportedScenario {
  readonly id: string;
  readonly title: string;
  readonly steps: ReportedStep[];
}

/** The report as its JSON has it. */
export interface Report {
  readonly format: 1;
  readonly tool: 'apig-mock conform';
  readonly version: string;
  readonly endpoint: string;
  readonly target: 'apig-mock' | 'service';
  readonly started_at: string;
  readonly duration_ms: number;
  readonly read_only: boolean;
  /** Why it ended early. */
  readonly stopped?: string;
  /** What could not be removed. */
  readonly left: readonly string[];
  readonly totals: { readonly passed: number; readonly differs: number; readonly skipped: number };
  readonly scenarios: readonly ReportedScenario[];
}

const LONGEST = 2000;
const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

/** Makes the report of a run. */
export function reportOf({ results, stopped, left }: RunResult, options: ReportOptions): Report {
  const { redact } = options;
  const scenarios = new Map<string, ReportedScenario>();
  for (const { scenario, step, durationMs, requestId, differences, ...rest } of results) {
    const { id, title } = scenario;
    const reported = scenarios.get(id) ?? { id, title, steps: [] };
    scenarios.set(id, reported);
    reported.steps.push({
      ...{
        id: step.id,
        title: step.title,
        operation: step.operation ?? null,
        promised: SOURCES[step.source],
      },
      ...rest,
      differences: redact(differences).map(({ at, expected, received }) => ({
        ...{ at, expected: cut(expected, LONGEST), received: cut(received, LONGEST) },
      })),
      duration_ms: Math.round(durationMs),
      ...(requestId !== undefined && { request_id: redact(requestId) }),
    });
  }
  const count = (outcome: string): number => results.filter((one) => one.outcome === outcome).length;
  return {
    ...{ format: 1, tool: 'apig-mock conform', version: options.version, endpoint: redact(options.endpoint) },
    target: options.isMock ? 'apig-mock' : 'service',
    ...{ started_at: options.startedAt, duration_ms: Math.round(options.durationMs) },
    read_only: options.readOnly,
    ...(stopped !== undefined && { stopped: redact(stopped) }),
    left: redact(left),
    totals: { passed: count('passed'), differs: count('differs'), skipped: count('skipped') },
    scenarios: [...scenarios.values()],
  };
}

const CELL = 60;
/** The differences as rows of a table, the first its header. */
export function differenceRows({ scenarios }: Report): string[][] {
  const rows = scenarios.flatMap(({ id, steps }) =>
    steps.flatMap((step) =>
      step.differences.map(({ at, expected, received }) => [
        `${id}/${step.id}`,
        at,
        cut(expected, CELL),
        cut(received, CELL),
        step.promised,
      ]),
    ),
  );
  return rows.length === 0 ? [] : [['STEP', 'PLACE', 'EXPECTED', 'RECEIVED', 'PROMISED BY'], ...rows];
}

/** The text of XML; characters that it cannot hold are left out. */
const xml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');

function testCase({ id }: ReportedScenario, step: ReportedStep): string {
  const seconds = (step.duration_ms / 1000).toFixed(3);
  const open = `    <testcase classname="conform.${xml(id)}" name="${xml(`${step.id}: ${step.title}`)}" time="${seconds}"`;
  if (step.outcome === 'passed') return `${open}/>`;
  if (step.outcome === 'skipped') return `${open}><skipped message="${xml(step.reason ?? '')}"/></testcase>`;
  const lines = step.differences.map(
    ({ at, expected, received }) => `${at}: expected ${expected}, received ${received}`,
  );
  const text = xml([...lines, `promised by ${step.promised}`].join('\n'));
  return `${open}><failure message="${xml(lines[0] ?? '')}">${text}</failure></testcase>`;
}

/** The report as JUnit has it: a suite for each scenario. What stopped the run, and what is left, is an error. */
export function junitOf(report: Report): string {
  const { scenarios, stopped, left } = report;
  const suites = scenarios.map((scenario) => {
    const { steps, title } = scenario;
    const count = (outcome: string): number => steps.filter((step) => step.outcome === outcome).length;
    const head = `  <testsuite name="${xml(title)}" tests="${steps.length}" failures="${count('differs')}" skipped="${count('skipped')}">`;
    return [head, ...steps.map((step) => testCase(scenario, step)), '  </testsuite>'].join('\n');
  });
  const problems = [
    ...(stopped === undefined ? [] : [`stopped: ${stopped}`]),
    ...left.map((one) => `left: ${one}`),
  ];
  const errors = problems.map(
    (one) => `    <testcase classname="conform" name="run"><error message="${xml(one)}"/></testcase>`,
  );
  if (errors.length > 0)
    suites.push(
      [
        `  <testsuite name="the run" tests="${errors.length}" errors="${errors.length}">`,
        ...errors,
        '  </testsuite>',
      ].join('\n'),
    );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="apig-mock conform">\n${suites.join('\n')}\n</testsuites>\n`;
}
