/** What the machine offers: cores to pin to, the tools that are there, and what /proc knows of a process. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Whether a command can be run. */
export const has = (command, args = ['--version']) =>
  spawnSync(command, args, { stdio: 'ignore' }).error === undefined;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The cores this process may use: `0-3,8` in full. */
function allowedCores() {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/self/status') ?? '')?.[1];
  if (list === undefined) return Array.from({ length: availableParallelism() }, (_, core) => core);
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** Two cores, one for servers and one for load; undefined where there is one core only or no `taskset`. */
export function findCores() {
  const cores = allowedCores();
  if (cores.length < 2 || !has('taskset')) return undefined;
  return { server: cores[0], load: cores[1] };
}

const all = allowedCores();

/** Every core this process might use when it started, as `taskset` writes them; undefined without `taskset`. */
export const availableCores = () => (has('taskset') ? all.join(',') : undefined);

/** A command on every core, whatever this process has been pinned to. */
export const unpinned = (command) => pinned(command, availableCores());

/** A command pinned to a core (or cores, `0,1`); `taskset` becomes the command, so the process id stays. */
export const pinned = (command, core) =>
  core === undefined ? command : ['taskset', '-c', String(core), ...command];

/** Pins this process, all its threads and whatever it starts from now on. */
export function pinSelf(core) {
  if (core !== undefined) {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)], { stdio: 'ignore' });
  }
}

const TICKS_PER_SECOND = has('getconf', ['CLK_TCK'])
  ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100
  : 100;

/** CPU seconds that a process has used, all threads, user and system; undefined without /proc. */
export function cpuSeconds(pid) {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process in MiB; undefined without /proc. */
export function residentMib(pid) {
  const kib = /^VmRSS:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** What a reader of the figures must know of the machine. */
export const describeMachine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 1024 ** 3),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
});
