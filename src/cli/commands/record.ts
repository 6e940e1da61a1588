/** `apig-mock record`: a proxy in front of the service that writes what it saw as a recording, without secrets. */
import { checkNewFolder, writeFolder } from '../../conformance/recording.ts';
import { CouldNotRun } from '../../conformance/sending.ts';
import { monotonicMs, systemNowMs } from '../../core/clock.ts';
import { SettingError } from '../../core/errors.ts';
import { listenFault, writeFault } from '../../core/system-error.ts';
import { type Exchange, Gathering } from '../../recorder/gathering.ts';
import { probe, type RecordingProxy, startProxy } from '../../recorder/proxy.ts';
import type { SigningKey } from '../../recorder/signing.ts';
import { checkTls, targetOf, withKey, withSecurityToken } from '../client/target.ts';
import type { Given } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import type { Environment } from '../options.ts';
import { harmless, onInterrupt, type Terminal } from '../terminal/terminal.ts';

const COULD_NOT_RUN = 2;

/** What the command needs of its process. */
export interface Surroundings {
  readonly env: Environment;
  /** Calls back at each Ctrl-C; returns what ends that. */
  onInterrupt(listener: () => void): () => void;
  /** The system's time, in ms, and one that only grows. */
  nowMs(): number;
  elapsedMs(): number;
}

const ofProcess = (): Surroundings => ({
  env: process.env,
  onInterrupt,
  nowMs: systemNowMs,
  elapsedMs: monotonicMs,
});

/** Runs until it is interrupted. Throws `SettingError` (exit 2) and `CommandFailure`. */
export async function runRecord(
  given: Given,
  terminal: Terminal,
  surroundings: Surroundings = ofProcess(),
): Promise<void> {
  const { env } = surroundings;
  const target = needed(given, 'target');
  const out = needed(given, 'out');
  const { credentials } = withSecurityToken(targetOf(withKey(given, env)), env);
  checkTls(target, env);
  await checkNewFolder(out, '--out');
  await probe(target).catch((cause: Error) => {
    throw cause instanceof CouldNotRun ? new CommandFailure(harmless(cause.message), COULD_NOT_RUN) : cause;
  });
  const gathering = new Gathering((line) => terminal.note(line));
  const key = credentials.kind === 'key' ? credentials : undefined;
  learnGiven(given, key, gathering);
  const proxy = await startProxy({
    ...{ target, key, host: given.texts['host'] ?? '', port: Number(given.texts['port']) },
    ...{ secrets: gathering.secrets, nowMs: surroundings.nowMs, elapsedMs: surroundings.elapsedMs },
    onExchange: showing(gathering, terminal),
    note: (line) => terminal.note(harmless(line)),
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(listenFault(cause, { host: '--host', port: '--port' }) ?? cause.message);
  });
  terminal.note(
    `recording ${target}: point clients to the address below; Ctrl-C ends it and writes '${out}'`,
  );
  terminal.out(`${proxy.url}\n`);
  await untilInterrupted(proxy, terminal, surroundings);
  await write(gathering, out, terminal);
}

function needed({ texts }: Given, flag: string): string {
  const text = texts[flag];
  if (text === undefined)
    throw new SettingError(`record: --${flag} is missing (see apig-mock record --help)`);
  return text;
}

function learnGiven({ texts }: Given, key: SigningKey | undefined, { secrets }: Gathering): void {
  secrets.add(key?.accessKey, 'access key');
  secrets.add(key?.secret, 'secret key');
  secrets.add(key?.securityToken, 'security token');
  for (const text of texts['redact']?.split(',') ?? []) secrets.add(text.trim(), 'redacted');
}

/** Takes in each exchange, and shows how far it is. */
function showing(gathering: Gathering, terminal: Terminal) {
  let requests = 0;
  return async (exchange: Exchange): Promise<void> => {
    await gathering.see(exchange);
    requests += 1;
    const { tasks, unfinished } = gathering.counts;
    terminal.show(`${requests} requests, ${tasks} tasks, ${unfinished} unfinished`);
  };
}

/** The first Ctrl-C lets what is under way end, the second cuts it off; either way the recording is written. */
async function untilInterrupted(
  proxy: RecordingProxy,
  terminal: Terminal,
  surroundings: Surroundings,
): Promise<void> {
  const cut = new AbortController();
  await new Promise<void>((resolve) => {
    let stopping: Promise<void> | undefined;
    // For as long as the process lives: a third does not end it while it writes.
    surroundings.onInterrupt(() => {
      terminal.clear();
      if (stopping !== undefined) return cut.abort();
      if (proxy.busy > 0) terminal.note(`requests under way: ${proxy.busy}; Ctrl-C again cuts them off`);
      stopping = proxy.stop(cut.signal).then(resolve);
    });
  });
}

async function write(gathering: Gathering, out: string, terminal: Terminal): Promise<void> {
  const { tasks, unfinished, samples } = gathering.counts;
  if (tasks + samples === 0) throw new CommandFailure('nothing was recorded: no client has called the proxy');
  await writeFolder(out, gathering.files()).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot write '${out}': ${writeFault(cause)}`);
  });
  const held = unfinished === 0 ? '' : ` (${unfinished} unfinished: held in their state)`;
  terminal.note(
    `${tasks} tasks${held} and ${samples} samples are in '${out}'; secrets and ids are replaced: read it before you share it`,
  );
}
