/** `apig-mock conform`: holds an endpoint against what APIG promises, shows what differs, and cleans up after it. */
import { createInterface } from 'node:readline/promises';
import { settingsFrom } from '../../config/check.ts';
import { compareSamples, recordedStep, Seen } from '../../conformance/against.ts';
import { NAME_PREFIX } from '../../conformance/clean-up.ts';
import { preflight } from '../../conformance/preflight.ts';
import {
  checkNewFolder,
  checkWritable,
  Recorder,
  readRecording,
  type Sample,
  writeFolder,
  writeWhole,
} from '../../conformance/recording.ts';
import { type Redact, redactor, type Secret } from '../../conformance/redact.ts';
import { differenceRows, junitOf, type Report, reportOf } from '../../conformance/report.ts';
import { type RunOptions, type RunResult, runScenarios, skipReason } from '../../conformance/run.ts';
import type { Caller, FilePart, StepRequest } from '../../conformance/scenario.ts';
import { SCENARIOS } from '../../conformance/scenarios/all.ts';
import { CouldNotRun, limitedSender, type Send, type Time } from '../../conformance/sending.ts';
import { afterSystemMs, systemNowMs } from '../../core/clock.ts';
import { SettingError } from '../../core/errors.ts';
import { drawEpoch } from '../../core/ids.ts';
import { writeFault } from '../../core/system-error.ts';
import { version } from '../../core/version.ts';
import { startServer } from '../../mock.ts';
import { type NamedFile, sendCall } from '../client/api-client.ts';
import {
  type Credentials,
  checkTls,
  type Target,
  targetOf,
  withKey,
  withSecurityToken,
} from '../client/target.ts';
import type { Given } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import type { Environment } from '../options.ts';
import { formatTable } from '../terminal/table.ts';
import { harmless, onInterrupt, type Terminal } from '../terminal/terminal.ts';

const COULD_NOT_RUN = 2;

/** What the command needs of its process. */
export interface Surroundings {
  readonly env: Environment;
  /** Asks a person; false too where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Calls back at each Ctrl-C; returns what ends that. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  readonly time: Time;
}

const TIME: Time = {
  nowMs: systemNowMs,
  pause: (ms, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        timer.stop();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = afterSystemMs(ms, done);
      if (signal?.aborted === true) done();
      else signal?.addEventListener('abort', done, { once: true });
    }),
};

const ofProcess = (): Surroundings => ({
  env: process.env,
  async confirm(question) {
    if (process.stdin.isTTY !== true) throw new SettingError('conform: nobody can be asked: give --yes');
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await lines.question(question)).trim());
    } finally {
      lines.close();
    }
  },
  onInterrupt,
  exit: (code) => process.exit(code),
  time: TIME,
});

/** Runs the command. Throws `SettingError` (exit 2) and `CommandFailure` (1 = differs, 2 = could not run). */
export async function runConform(
  given: Given,
  terminal: Terminal,
  surroundings: Surroundings = ofProcess(),
): Promise<void> {
  const { texts, flags } = given;
  const asked = targetOf(withKey(given, surroundings.env));
  checkTls(asked.endpoint, surroundings.env);
  await checkOutputs(texts);
  const samples = texts['against'] === undefined ? undefined : await readRecording(texts['against']);
  if (samples === undefined || flags.has('url')) {
    const target = withSecurityToken(asked, surroundings.env);
    return conformAt({ target, given, samples, terminal, surroundings });
  }
  const mock = await startServer(
    settingsFrom({ port: 0, progression: 'polls', autoPublish: false, fixtures: 'none' }),
  );
  const credentials: Credentials = { kind: 'token', token: 'dev-token' };
  const target = { ...asked, endpoint: mock.url, projectId: 'p1', instanceId: 'i1', credentials };
  await conformAt({ target, given, samples, terminal, surroundings }).finally(() => mock.close());
}

/** Before anything is created: what could not be written in the end is found out now. */
async function checkOutputs(texts: Given['texts']): Promise<void> {
  const { json, junit, save } = texts;
  if (json !== undefined && json !== '-') await checkWritable(json, '--json');
  if (junit !== undefined) await checkWritable(junit, '--junit');
  if (save !== undefined) await checkNewFolder(save, '--save');
}

interface Work {
  readonly target: Target;
  readonly given: Given;
  readonly samples: readonly Sample[] | undefined;
  readonly terminal: Terminal;
  readonly surroundings: Surroundings;
}

async function conformAt(work: Work): Promise<void> {
  const { target, given, samples, surroundings } = work;
  const redact = redactor(secretsOf(target));
  const terminal = redacting(work.terminal, redact);
  const startedMs = systemNowMs();
  const recorder = new Recorder(redact);
  const seen = new Seen();
  const byStep = new Map(samples?.map((sample) => [sample.step, sample]));
  const options = await begin(work, terminal).catch((cause: unknown) => {
    throw cause instanceof SettingError
      ? cause
      : new CommandFailure(redact(harmless((cause as Error).message)), COULD_NOT_RUN);
  });
  const interrupts = interruptible(options, terminal, surroundings);
  const run = await runScenarios(SCENARIOS, {
    ...options,
    signal: interrupts.signal,
    onStep: (at, of, step, scenario) => terminal.show(`${at + 1}/${of}  ${scenario.title}: ${step.title}`),
    onResponse: (key, step, received) => {
      recorder.see(key, step, received);
      seen.add(step.operation, received);
    },
    ...(samples && { recorded: (key, step) => recordedStep(byStep.get(key), step) }),
  });
  interrupts.end();
  terminal.clear();
  const results = samples === undefined ? run.results : [...run.results, ...compareSamples(samples, seen)];
  const report = reportOf(
    { ...run, results },
    {
      ...{ version, endpoint: new URL(target.endpoint).origin, startedAt: new Date(startedMs).toISOString() },
      ...{
        durationMs: systemNowMs() - startedMs,
        readOnly: options.readOnly,
        isMock: options.isMock,
        redact,
      },
    },
  );
  const unwritten = await write(report, recorder, given.texts, terminal).catch((cause: Error) => cause);
  if (unwritten !== undefined) terminal.note(unwritten.message);
  conclude(report, run);
  if (unwritten !== undefined) throw unwritten;
}

const secretsOf = ({ credentials, projectId, instanceId }: Target): Secret[] => [
  ...(credentials.kind === 'token' ? [{ text: credentials.token, name: 'token' }] : []),
  ...(credentials.kind === 'key'
    ? [
        { text: credentials.accessKey, name: 'access key' },
        { text: credentials.secret, name: 'secret key' },
        { text: credentials.securityToken ?? '', name: 'security token' },
      ]
    : []),
  { text: projectId, name: 'project' },
  { text: instanceId, name: 'instance' },
];

/** A terminal that shows no secret. */
const redacting = (terminal: Terminal, redact: Redact): Terminal => ({
  ...terminal,
  out: (text) => terminal.out(redact(text)),
  note: (line) => terminal.note(redact(harmless(line))),
  show: (line) => terminal.show(redact(harmless(line))),
});

/** Looks at the target, and asks before something is created there. */
async function begin({ target, given, surroundings }: Work, terminal: Terminal): Promise<RunOptions> {
  const send = senderTo(target);
  const limits = {
    perSecond: Number(given.texts['max-requests-per-second']),
    time: surroundings.time,
    note: terminal.note,
  };
  const left = await preflight(limitedSender(send, limits), new URL(target.endpoint).origin);
  for (const name of left) terminal.note(`API group ${name} is left of an earlier run: remove it by hand`);
  const options: RunOptions = {
    ...{ ...limits, send, projectId: target.projectId, instanceId: target.instanceId, runId: drawEpoch() },
    ...{ isMock: await isMock(target), readOnly: given.switches.has('read-only') },
    ...{ hasKey: target.credentials.kind === 'key', timeoutMs: target.timeoutMs },
  };
  if (options.readOnly || options.isMock) return options;
  terminal.note(planOf(options, target));
  if (given.switches.has('yes')) return options;
  if (await surroundings.confirm('Go on? [y/N] ')) return options;
  throw new CouldNotRun('nothing was created: it was not confirmed');
}

/** What it will do, before it does it. */
function planOf(options: RunOptions, { endpoint }: Target): string {
  const steps = SCENARIOS.flatMap((scenario) =>
    scenario.steps.filter((step) => skipReason(scenario, step, options) === undefined),
  );
  return (
    `conform will create one API group at ${new URL(endpoint).host}, ${NAME_PREFIX}${options.runId}, ` +
    `with six APIs that are published to RELEASE and taken offline, and remove it; ` +
    `${steps.length} steps, at most ${options.perSecond} requests a second`
  );
}

/** Whether an apig-mock is there; in doubt, it is the service. No credentials are sent: the service has no such path. */
async function isMock(target: Target): Promise<boolean> {
  const call = { method: 'GET', path: '/__admin/health', absolute: true } as const;
  const { status, text } = await sendCall({ ...target, credentials: { kind: 'none' } }, call);
  return status === 200 && /^\{"status":"ok","version":"[^"]*"\}$/.test(text);
}

type Form = NonNullable<StepRequest['form']>;

/** Sends the steps of a run, each as its caller. */
export function senderTo(target: Target): Send {
  const as = (credentials: Credentials): Target => ({ ...target, credentials });
  const { credentials } = target;
  const callers: Readonly<Record<Caller, Target>> = {
    given: target,
    nobody: as({ kind: 'none' }),
    'unknown token': as({ kind: 'token', token: 'apig-mock-conform-no-token' }),
    'wrong secret': as(
      credentials.kind === 'key'
        ? { ...credentials, secret: 'apig-mock-conform-no-secret' }
        : { kind: 'none' },
    ),
  };
  return ({ caller = 'given', form, ...call }) =>
    sendCall(callers[caller], { ...call, ...(form && { form: formOf(form) }) });
}

const formOf = (form: Form): Record<string, string | NamedFile> =>
  Object.fromEntries(
    Object.entries(form).map(([name, part]) => [name, typeof part === 'string' ? part : namedFile(part)]),
  );
const namedFile = ({ name, content }: FilePart): NamedFile => ({
  name,
  content: new TextEncoder().encode(content),
});

/** The first Ctrl-C stops the run and cleans up, the second ends it as it is. */
function interruptible({ runId }: RunOptions, terminal: Terminal, surroundings: Surroundings) {
  const controller = new AbortController();
  const end = surroundings.onInterrupt(() => {
    if (!controller.signal.aborted) {
      controller.abort();
      return terminal.note('interrupted: removing what was created; Ctrl-C again leaves it');
    }
    terminal.note(`left as it is: API group ${NAME_PREFIX}${runId}, if it is there: remove it by hand`);
    surroundings.exit(COULD_NOT_RUN);
  });
  return { signal: controller.signal, end };
}

async function write(
  report: Report,
  recorder: Recorder,
  { json, junit, save }: Given['texts'],
  terminal: Terminal,
): Promise<void> {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json === '-') terminal.out(text);
  else showTable(report, terminal);
  const cannot = (path: string) => (cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot write '${path}': ${writeFault(cause)}`, COULD_NOT_RUN);
  };
  if (json !== undefined && json !== '-') await writeWhole(json, text).catch(cannot(json));
  if (junit !== undefined) await writeWhole(junit, junitOf(report)).catch(cannot(junit));
  if (save === undefined) return;
  // Half a recording would pass for a whole one.
  if (report.stopped !== undefined)
    return terminal.note('no recording is saved: the run did not come to its end');
  await writeFolder(save, recorder.files()).catch(cannot(save));
}

function showTable(report: Report, terminal: Terminal): void {
  const rows = differenceRows(report);
  if (rows.length > 0) {
    const paint = (cell: string, row: number, column: number): string =>
      row === 0 ? terminal.paint(cell, 'quiet') : column === 3 ? terminal.paint(cell, 'bad') : cell;
    terminal.out(`${formatTable(rows, { paint })}\n`);
  }
  const { passed, differs, skipped } = report.totals;
  const seconds = (report.duration_ms / 1000).toFixed(1);
  const verdict = terminal.paint(
    differs === 0 ? `${passed} steps as promised` : `${differs} of ${passed + differs} steps differ`,
    differs === 0 ? 'good' : 'bad',
  );
  terminal.out(`${verdict}, ${skipped} not run; ${report.endpoint} in ${seconds} s\n`);
}

/** The exit of the command. */
function conclude(report: Report, run: RunResult): void {
  const left = report.left.length === 0 ? '' : `: left, to be removed by hand: ${report.left.join('; ')}`;
  if (report.stopped !== undefined) {
    const removed = left === '' && run.hasCreated ? ': what was created is removed' : left;
    throw new CommandFailure(
      harmless(`conform could not run to its end: ${report.stopped}${removed}`),
      COULD_NOT_RUN,
    );
  }
  if (left !== '') throw new CommandFailure(harmless(`conform could not clean up${left}`), COULD_NOT_RUN);
  const { differs } = report.totals;
  if (differs > 0)
    throw new CommandFailure(
      `${differs} ${differs === 1 ? 'step differs' : 'steps differ'} from what is promised`,
    );
}
