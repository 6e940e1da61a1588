/**
 * Decides where a file is prepared: a small one at once, a large one in a worker thread, so that no request
 * waits for it. The thread lives as long as there is work for it and is gone afterwards.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { errors } from '../../core/errors.ts';
import { findPackaged } from '../../core/packaged.ts';
import type { DraftApi } from '../openapi/read.ts';
import type { ThreadReply, ThreadRequest } from './parse-thread.ts';
import { type PreparedImport, type PrepareInput, prepareImport } from './prepare.ts';

/**
 * The built thread: the build must emit `src/gateway/import/parse-thread.ts` under this name at the top of `dist/`. This
 * code is there as well, or one folder down when the bundler has put it into a shared chunk. Where the file is
 * missing, as in a checkout run from its sources, every file is prepared at once.
 */
export const THREAD_FILE = 'parse-thread.cjs';

/** Files up to this size take a few milliseconds. YAML takes about ten times as long as JSON. */
const INLINE_JSON_BYTES = 256 * 1024;
const INLINE_YAML_BYTES = 24 * 1024;
/** A file that needs more memory than this ends the thread, not the process. */
const MAX_HEAP_MIB = 1024;

export interface ParseRunner {
  /**
   * As `prepareImport`. A thread that dies, or cannot be started, gives `APIG.9999` for its own file; the next file has a
   * new one. Rejects with the reason of `signal` when that is aborted: a file in line is taken out, one under way ends
   * its thread.
   */
  prepare(input: PrepareInput, signal?: AbortSignal): Promise<PreparedImport>;
  /** Ends the thread. Files still under way, and all later ones, give `APIG.9999`. */
  stop(): Promise<void>;
}

interface Job {
  readonly input: PrepareInput;
  readonly resolve: (prepared: PreparedImport) => void;
  readonly reject: (reason: unknown) => void;
}

const failedBecause = (reason: string): PreparedImport => ({
  ok: false,
  failure: errors.systemError({ reason }).failure,
});
const BROKEN = failedBecause(
  `reading the file broke off: it needs more than ${MAX_HEAP_MIB} MB of memory, or the mock was being stopped`,
);

function exists(url: URL): boolean {
  return existsSync(fileURLToPath(url));
}

/** Where the built thread is, seen from a module at `moduleUrl`; undefined when there is none. */
export const findThread = (moduleUrl: string): URL | undefined => findPackaged(THREAD_FILE, moduleUrl);

/** Starts a thread; another one in tests. */
export type StartThread = (url: URL) => Worker;

const startWorker: StartThread = (url) =>
  new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB } });

/** A runner; `threadUrl` names another built thread (for tests). */
export function createParseRunner(
  threadUrl = findThread(import.meta.url),
  startThread: StartThread = startWorker,
): ParseRunner {
  const builtThread = threadUrl !== undefined && exists(threadUrl) ? threadUrl : undefined;
  return new ThreadRunner(builtThread, startThread);
}

class ThreadRunner implements ParseRunner {
  readonly #url: URL | undefined;
  readonly #startThread: StartThread;
  readonly #waiting: Job[] = [];
  #thread: Worker | undefined;
  #current: Job | undefined;
  #stopped = false;

  constructor(url: URL | undefined, startThread: StartThread) {
    this.#url = url;
    this.#startThread = startThread;
  }

  async prepare(input: PrepareInput, signal?: AbortSignal): Promise<PreparedImport> {
    signal?.throwIfAborted();
    if (this.#stopped) return BROKEN;
    if (this.#url === undefined || isSmall(input.content)) return prepareHere(input);
    let cancel: (() => void) | undefined;
    try {
      return await new Promise<PreparedImport>((resolve, reject) => {
        const job = { input, resolve, reject };
        cancel = () => this.#cancel(job, signal?.reason);
        signal?.addEventListener('abort', cancel, { once: true });
        this.#waiting.push(job);
        if (this.#current === undefined) this.#next();
      });
    } finally {
      if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#thread;
    this.#thread = undefined;
    for (const job of this.#waiting.splice(0)) job.resolve(BROKEN);
    this.#current?.resolve(BROKEN);
    this.#current = undefined;
    await running?.terminate();
  }

  #cancel(job: Job, reason: unknown): void {
    job.reject(reason);
    if (this.#current === job) {
      this.#endThread();
      this.#next();
      return;
    }
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  #endThread(): void {
    const ended = this.#thread;
    this.#thread = undefined;
    void ended?.terminate();
  }

  #next(): void {
    this.#current = this.#waiting.shift();
    if (this.#current === undefined) this.#endThread();
    else this.#run(this.#current.input);
  }

  /** What cannot be started or sent costs the file in hand; the next one is tried anew. */
  #run(input: PrepareInput): void {
    try {
      this.#thread ??= this.#newThread();
      this.#thread.postMessage({ input } satisfies ThreadRequest);
    } catch (cause) {
      this.#finish(isForbidden(cause) ? prepareHere(input) : noThread(cause));
    }
  }

  #newThread(): Worker {
    const worker = this.#startThread(this.#url as URL);
    const collect = collector();
    const fails = (prepared: PreparedImport): void => {
      if (worker !== this.#thread) return;
      this.#endThread();
      this.#finish(prepared);
    };
    worker.on('message', ({ part }: ThreadReply) => {
      if (worker !== this.#thread) return;
      try {
        const prepared = collect(part);
        if (prepared === undefined) worker.postMessage({ more: true } satisfies ThreadRequest);
        else this.#finish(prepared);
      } catch (cause) {
        fails(noThread(cause));
      }
    });
    worker.on('messageerror', (cause) => fails(noThread(cause)));
    // A code other than that of memory means that the thread did not start: what parsing throws has none.
    worker.on('error', (cause) => fails(isOwnFault(cause) ? BROKEN : noThread(cause)));
    worker.on('exit', () => fails(BROKEN));
    return worker;
  }

  #finish(prepared: PreparedImport): void {
    this.#current?.resolve(prepared);
    this.#next();
  }
}

const codeOf = (cause: unknown): string | undefined => (cause as { code?: string } | null)?.code;

/** Node's permission model allows this process no threads, now or later: large files are prepared here, too. */
const isForbidden = (cause: unknown): boolean => codeOf(cause) === 'ERR_ACCESS_DENIED';
const isOwnFault = (cause: unknown): boolean =>
  codeOf(cause) === undefined || codeOf(cause) === 'ERR_WORKER_OUT_OF_MEMORY';

const noThread = (cause: unknown): PreparedImport =>
  failedBecause(
    `the thread that reads large files failed (${codeOf(cause) ?? 'no code'}): send the file again`,
  );

function prepareHere(input: PrepareInput): PreparedImport {
  try {
    return prepareImport(input);
  } catch {
    return BROKEN;
  }
}

function isSmall(content: Uint8Array | string): boolean {
  if (content.length <= INLINE_YAML_BYTES) return true;
  if (content.length > INLINE_JSON_BYTES) return false;
  const start =
    typeof content === 'string' ? content.slice(0, 64) : Buffer.from(content.subarray(0, 64)).toString();
  return /^\uFEFF?\s*\{/.test(start);
}

/** Joins the parts of a result; undefined while more are to come. */
function collector(): (part: string) => PreparedImport | undefined {
  let head: Extract<PreparedImport, { ok: true }> | undefined;
  let apis: DraftApi[] = [];
  return (part) => {
    if (head === undefined) {
      const prepared = JSON.parse(part) as PreparedImport;
      if (!prepared.ok) return prepared;
      head = prepared;
      apis = [];
      return undefined;
    }
    if (part !== '') {
      for (const api of JSON.parse(part) as DraftApi[]) apis.push(api);
      return undefined;
    }
    const whole: PreparedImport = { ok: true, content: { ...head.content, apis } };
    head = undefined;
    return whole;
  };
}
