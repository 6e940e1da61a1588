#!/usr/bin/env node
/** The command `apig-mock`: reads its settings, starts the server, obeys signals, and says how it ended. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import pino from 'pino';
import { SettingError } from '../options.ts';
import { startServer } from '../server.ts';
import { version } from '../version.ts';
import { type Config, describeConfig, loadConfig } from './config.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function readConfigFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`--config: cannot read '${path}': ${cause.code ?? cause.message}`);
  });
  try {
    if (/\.ya?ml$/i.test(path)) return (await import('js-yaml')).load(text);
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingError(
      `--config: '${path}' is not what its name says: ${(cause as Error).message.split('\n', 1)[0]}`,
    );
  }
}

async function serve(config: Config): Promise<void> {
  const { settings } = config;
  // Written in batches, and at once when it matters: a poll never waits for the terminal.
  const destination = pino.destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 100 });
  const log = pino(
    { level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  const mock = await startServer(settings, log);
  if (settings.portFile !== undefined) await writeFile(settings.portFile, `${mock.port}\n`);
  log.info({ url: mock.url, version }, 'listening');
  destination.flush();

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await mock.close();
    if (settings.portFile !== undefined) await rm(settings.portFile, { force: true });
    log.info({ signal }, 'stopped');
    destination.flushSync();
    destination.end();
    process.exitCode = 0;
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

async function run(argv: readonly string[]): Promise<void> {
  const [first = ''] = argv;
  const command = first.startsWith('-') ? '' : first;
  const config = await loadConfig({
    argv: command === '' ? argv : argv.slice(1),
    env: process.env,
    readFile: readConfigFile,
  });
  if (config.help) return void process.stdout.write((await import('./help.ts')).helpText());
  if (config.version) return void process.stdout.write(`${version}\n`);
  if (config.printConfig) return void process.stdout.write(`${describeConfig(config)}\n`);
  switch (command) {
    case '':
    case 'serve':
      return serve(config);
    case 'health': {
      const problem = await (await import('./health.ts')).checkHealth(config.settings);
      process.stdout.write(problem === undefined ? 'healthy\n' : `not healthy: ${problem}\n`);
      process.exitCode = problem === undefined ? 0 : EXIT_FAILED;
      return;
    }
    default:
      throw new SettingError(`there is no command '${command}' (see apig-mock --help)`);
  }
}

/** One line for what a user can mend; all there is for what only we can. */
function explain(cause: unknown): string {
  if (cause instanceof SettingError) return cause.message;
  const { code, message, stack } = cause as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `${message}: something else listens there; stop it, or choose another with --port (0 = any free one)`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `${message}: choose another address or port with --host and --port`;
  return stack ?? String(cause);
}

run(process.argv.slice(2)).catch((cause: unknown) => {
  process.stderr.write(`apig-mock: ${explain(cause)}\n`);
  process.exitCode = cause instanceof SettingError ? EXIT_USAGE : EXIT_FAILED;
});
