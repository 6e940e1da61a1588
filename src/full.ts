/** The one lazy module: everything that a plain poll does not need. */
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { CallName } from './admin/calls.ts';
import { Control } from './admin/control.ts';
import { checkedCall } from './admin/control-call.ts';
import { callNamed } from './admin/operations.ts';
import type { StateFile } from './admin/state/state-file.ts';
import { loadCheckers } from './core/validation.ts';
import { watchHeap } from './gateway/import/heap-watch.ts';
import { MemoryLimit } from './gateway/import/memory-limit.ts';
import { createParseRunner } from './gateway/import/parse-pool.ts';
import { createJob } from './gateway/jobs.ts';
import { buildApp } from './http/app.ts';
import type { Core } from './mock.ts';
import type { Job } from './tasks/work.ts';

export interface Full {
  readonly job: Job;
  readonly control: Control;
  /** A control call, its arguments checked as `/__admin` checks them. */
  call(name: CallName, args: readonly unknown[], raw?: boolean): Promise<unknown>;
  /** Builds the application; `serverFactory` takes its handler and gives the server that it stands behind. */
  buildApp(behind: {
    readonly stateFile: StateFile | undefined;
    readonly serverFactory: (handler: RequestListener) => Server;
  }): Promise<FastifyInstance>;
  /** Loads what is loaded later even here: the reader of forms, what checks requests. */
  preload(): Promise<void>;
  stop(): Promise<void>;
}

export function createFull(core: Core): Full {
  const stopping = new AbortController();
  const parser = createParseRunner();
  const control = new Control(core);
  const memoryLimit = new MemoryLimit(watchHeap(stopping.signal));
  return {
    job: createJob({ ...core, parser }),
    control,
    async call(name, args, raw = false) {
      return checkedCall(callNamed(name), args, { control, checkerOf: await loadCheckers(), raw });
    },
    async buildApp(behind) {
      const app = await buildApp({ ...core, ...behind, control, parser, memoryLimit });
      await app.ready();
      return app;
    },
    async preload() {
      await Promise.all([loadCheckers(), import('./gateway/import/form.ts')]);
    },
    async stop() {
      stopping.abort();
      await parser.stop();
    },
  };
}
