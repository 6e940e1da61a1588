/**
 * Decides where a file is prepared: a small one at once, a large one in a worker thread, so that no request
 * waits for it. The thread lives as long as there is work for it and is gone afterwards.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DraftApi } from './document-read.ts';
import { because, failures } from './failures.ts';
import { type PreparedImport, type PrepareInput, prepareImport } from './import-prepare.ts';
import type { ThreadReply, ThreadRequest } from './parse-thread.ts';

/**
 * The built thread: the build must emit `src/apis/parse-thread.ts` under this name at the top of `dist/`. This
 * code is there as well, or one folder down when the bundler has put it into a shared chunk. Where the file is
 * missing, as in a checkout run from its sources, every file is prepared at once.
 */
export const THREAD_FILE = 'parse-thread.js';

/** Files up to this size take a few milliseconds. YAML takes about ten times as long as JSON. */
const INLINE_JSON_BYTES = 256 * 1024;
const INLINE_YAML_BYTES = 24 * 1024;
/** A file that needs more memory than this ends the thread, not the process. */
const MAX_HEAP_MIB = 1024;

export interface ParseRunner {
  /** As `prepareImport`. Never rejects: a thread that dies gives `APIG.9999` for its own file. */
  prepare(input: PrepareInput): Promise<PreparedImport>;
  /** Ends the thread. Files still under way, and all later ones, give `APIG.9999`. */
  stop(): Promise<void>;
}

type Job = { readonly input: PrepareInput; readonly settle: (prepared: PreparedImport) => void };

const BROKEN: PreparedImport = {
  ok: false,
  failure: because(
    failures.systemError,
    `reading the file broke off: it needs more than ${MAX_HEAP_MIB} MB of memory, or the mock was being stopped`,
  ),
};

function exists(url: URL): boolean {
  return existsSync(fileURLToPath(url));
}

/** Where the built thread is, seen from a module at `moduleUrl`; undefined when there is none. */
export function findThread(moduleUrl: string): URL | undefined {
  return [`./${THREAD_FILE}`, `../${THREAD_FILE}`].map((file) => new URL(file, moduleUrl)).find(exists);
}

/** A runner; `threadUrl` names another built thread (for tests). */
export function createParseRunner(threadUrl = findThread(import.meta.url)): ParseRunner {
  const builtThread = threadUrl !== undefined && exists(threadUrl) ? threadUrl : undefined;
  const waiting: Job[] = [];
  let thread: Worker | undefined;
  let current: Job | undefined;
  let isStopped = false;

  function next(): void {
    current = waiting.shift();
    if (current === undefined || builtThread === undefined) {
      const idle = thread;
      thread = undefined;
      void idle?.terminate();
      return;
    }
    const { input } = current;
    thread ??= startThread(builtThread);
    thread.postMessage({ input } satisfies ThreadRequest);
  }

  function startThread(url: URL): Worker {
    const worker = new Worker(url, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB } });
    const collect = collector();
    worker.on('message', ({ part }: ThreadReply) => {
      if (worker !== thread) return;
      const prepared = collect(part);
      if (prepared === undefined) worker.postMessage({ more: true } satisfies ThreadRequest);
      else finish(prepared);
    });
    // An error is followed by the exit, which answers for both.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (worker !== thread) return;
      thread = undefined;
      finish(BROKEN);
    });
    return worker;
  }

  function finish(prepared: PreparedImport): void {
    current?.settle(prepared);
    next();
  }

  return {
    async prepare(input) {
      if (isStopped) return BROKEN;
      if (builtThread === undefined || isSmall(input.content)) return prepareHere(input);
      return new Promise((settle) => {
        waiting.push({ input, settle });
        if (current === undefined) next();
      });
    },
    async stop() {
      isStopped = true;
      const running = thread;
      thread = undefined;
      for (const job of [...(current === undefined ? [] : [current]), ...waiting.splice(0)])
        job.settle(BROKEN);
      current = undefined;
      await running?.terminate();
    },
  };
}

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

/** Puts the parts of an answer together; undefined while more are to come. */
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
