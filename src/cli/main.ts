#!/usr/bin/env node
/** The command `apig-mock`: reads its settings, starts the server, obeys signals, and reports how it ended. */
import { isatty } from 'node:tty';
import pino from 'pino';
import { SettingError } from '../core/errors.ts';
import { forgivingLog, type Log } from '../core/logger.ts';
import { isBadAddress, listenFault } from '../core/system-error.ts';
import { version } from '../core/version.ts';
import { startServer } from '../mock.ts';
import { type Config, describeConfig, givenIn, loadConfig, strayVariables } from './config.ts';
import { CommandFailure } from './failure.ts';
import type { PortFile } from './port-file.ts';
import { openLog } from './terminal/log-output.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** The first signal to stop; more of them change nothing. */
const signalToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  });

/** What no part has caught costs what it broke and nothing else: everybody else's requests and tasks go on. */
function outliveFaults(log: Log): void {
  const { error } = forgivingLog(log);
  // Promises that nobody handles end here too.
  process.on('uncaughtException', (cause: unknown) =>
    error({ err: cause }, 'unexpected error outside of any request; the mock goes on'),
  );
}

async function serve(config: Config): Promise<void> {
  const { settings } = config;
  const portFile = await openPortFile(settings.portFile);
  const { destination, end: endLog } = openLog();
  const log = Object.assign(
    pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination),
    { writeLine: (line: string) => void destination.write(line) },
  );
  // Handled from the start: the kernel ignores signals that the first process of a container does not handle.
  const stopped = signalToStop();
  const failed = async (cause: unknown): Promise<never> => {
    // Lines that nobody reads any more would keep the process from ending.
    await endLog();
    throw cause;
  };
  const mock = await startServer(settings, log, givenIn(config)).catch(failed);
  outliveFaults(log);
  await portFile?.write(mock.port).catch(async (cause: unknown) => {
    await mock.close();
    return failed(cause);
  });
  const isPerson = isatty(1) && !config.json && log.isLevelEnabled('info');
  if (isPerson) destination.write((await import('./terminal/banner.ts')).bannerOf(mock.url, config));
  else log.info({ url: mock.url, version }, 'listening');
  destination.flush();

  const signal = await stopped;
  await mock.close();
  await portFile?.remove();
  log.info({ signal }, 'stopped');
  await endLog();
}

/** Before anything listens: a port of before must not be read meanwhile. */
async function openPortFile(path: string | undefined): Promise<PortFile | undefined> {
  return path === undefined ? undefined : (await import('./port-file.ts')).openPortFile(path);
}

/** Writes to the terminal; that nobody reads on (`| head -1`) is no error. */
function print(text: string): void {
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause;
  });
  process.stdout.write(text);
}

async function run(argv: readonly string[]): Promise<void> {
  const [first = ''] = argv;
  if (first !== '' && first !== 'serve' && !first.startsWith('-'))
    return (await import('./commands.ts')).runCommand(argv, process.env);
  const config = await loadConfig({
    ...{ argv: first === 'serve' ? argv.slice(1) : argv, env: process.env },
    readFile: async (path) => (await import('./config-file.ts')).readConfigFile(path),
  });
  if (config.help) return print((await import('./commands.ts')).overallHelp());
  if (config.version) return print(`${version}\n`);
  for (const warning of strayVariables(process.env)) process.stderr.write(`apig-mock: ${warning}\n`);
  if (config.printConfig) return print(`${describeConfig(config)}\n`);
  return serve(config);
}

/** One line for what a user can fix; all there is for what only we can. */
function explain(cause: unknown): string {
  if (cause instanceof SettingError || cause instanceof CommandFailure) return cause.message;
  const fault = cause as NodeJS.ErrnoException;
  return listenFault(fault, { host: '--host', port: '--port' }) ?? fault.stack ?? String(cause);
}

run(process.argv.slice(2)).catch((cause: unknown) => {
  process.stderr.write(`apig-mock: ${explain(cause)}\n`);
  const isUsage = cause instanceof SettingError || isBadAddress(cause as NodeJS.ErrnoException);
  const failed = cause instanceof CommandFailure ? cause.exitCode : EXIT_FAILED;
  process.exitCode = isUsage ? EXIT_USAGE : failed;
});
