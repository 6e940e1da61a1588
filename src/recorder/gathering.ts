/** Gathers what went through the proxy: the lives of tasks, and a sample of each kind of response; at the end, as files. */
import { Readable } from 'node:stream';
import { masked, pretty, type Sample } from '../conformance/recording.ts';
import { jsonObject } from '../core/json-error.ts';
import type { OperationName } from '../core/operation-names.ts';
import { scopeKey, scopeOfKey } from '../core/scope.ts';
import { ImportForm } from '../gateway/import/fields.ts';
import { readForm } from '../gateway/import/form.ts';
import { parseDocument } from '../gateway/openapi/document.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import { TASK_STATUSES, TASK_TYPES, type TaskType } from '../tasks/task.ts';
import type { Call } from './calls.ts';
import { Life, type Moment, type Shown } from './life.ts';
import { Secrets } from './secrets.ts';

/** A request and its response, as far as they were captured. */
export interface Exchange extends Moment {
  /** Undefined for an operation that the mock does not emulate. */
  readonly call: Call | undefined;
  readonly status: number;
  /** Undefined = too long to be recorded, or no text. */
  readonly text: string | undefined;
  /** The body of the request; undefined = too long to be looked through. */
  readonly sent: { readonly type: string; readonly bytes: Buffer } | undefined;
}

const SUBMISSIONS: Readonly<Partial<Record<OperationName, TaskType>>> = {
  ImportApiDefinitionsAsync: 'import_api',
  ExportApiDefinitionsAsync: 'export_api',
};
/** What returns a file of the user: nothing of it is recorded. */
const FILES: ReadonlySet<OperationName> = new Set(['ExportApiDefinitionsV2']);
/** More than this is no sample of anything. */
const MAX_SAMPLES = 1000;
/** What tasks may hold in memory, in characters. */
const MAX_CHARACTERS = 256 * 1024 * 1024;
const MAX_FORM_BYTES = 16 * 1024 * 1024;

interface Seen {
  readonly sample: Sample;
  count: number;
}

export class Gathering {
  readonly secrets = new Secrets();
  readonly #note: (line: string) => void;
  /** By scope, then by id, in the order in which they were first seen. */
  readonly #scopes = new Map<string, Map<string, Life>>();
  readonly #samples = new Map<string, Seen>();
  #characters = 0;
  #isFull = false;

  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  /** What there is so far. */
  get counts(): { readonly tasks: number; readonly unfinished: number; readonly samples: number } {
    const lives = [...this.#scopes.values()].flatMap((tasks) => [...tasks.values()]);
    const unfinished = lives.filter(({ shown }) => !isTerminal(shown.task_status)).length;
    return { tasks: lives.length, unfinished, samples: this.#samples.size };
  }

  /** Takes in what was exchanged; resolves when everything that it reveals is known as a secret. */
  async see(exchange: Exchange): Promise<void> {
    const { call, text } = exchange;
    this.secrets.addId(call?.params['project_id']);
    this.secrets.addId(call?.params['instance_id']);
    await this.#learn(exchange);
    if (call === undefined || text === undefined) return;
    const body = jsonObject(text);
    const shown = call.operation === 'ShowAsyncTaskResult' ? shownIn(exchange.status, body) : undefined;
    const type = SUBMISSIONS[call.operation];
    if (shown !== undefined) this.#seeTask(call, shown, exchange);
    if (type !== undefined && exchange.status === 202) this.#seeSubmission({ call, type, body, exchange });
    this.#seeSample(call.operation, exchange, body);
  }

  /** The files of the recording, by path in its folder. */
  files(): Map<string, string> {
    const files = new Map<string, string>();
    for (const [at, [key, tasks]] of [...this.#scopes].entries()) {
      const { projectId, instanceId } = scopeOfKey(key);
      const scope = { project_id: this.#redact(projectId), instance_id: this.#redact(instanceId) };
      const seeds = [...tasks.values()].map((life) => {
        const { task_id, task_result, ...task } = life.seed();
        return { task_id: this.#redact(task_id), ...task, task_result: this.#redact(task_result) };
      });
      files.set(`tasks/${numbered(at)}.json`, pretty({ ...(this.#scopes.size > 1 && scope), tasks: seeds }));
    }
    for (const [at, { sample, count }] of [...this.#samples.values()].entries()) {
      const { status, body } = sample.response;
      const code = codeOf(jsonObject(body));
      const name = [numbered(at), sample.operation, String(status), ...(code === '' ? [] : [code])].join('-');
      const response = { status, body: this.#redact(body) };
      files.set(
        `samples/${name.replaceAll(/[^\w.-]/g, '_')}.json`,
        pretty({ ...sample, seen: count, response }),
      );
    }
    return files;
  }

  #redact(text: string): string {
    return this.secrets.redact(text);
  }

  async #learn({ call, text, sent }: Exchange): Promise<void> {
    const isIam = call?.operation.startsWith('Keystone') ?? false;
    if (sent !== undefined && sent.bytes.length > 0) await this.#learnSent(sent, isIam);
    const body = text === undefined ? undefined : jsonObject(text);
    if (body === undefined || body['error_code'] !== undefined) return;
    const { task_result: result, ...members } = body;
    this.secrets.learn(members, isIam);
    const parsed = typeof result === 'string' ? jsonObject(result) : undefined;
    if (parsed === undefined) return;
    const { Comment: file, ...others } = parsed;
    this.secrets.learn(others);
    if (typeof file === 'string') this.#learnDocument(file);
  }

  async #learnSent({ type, bytes }: { type: string; bytes: Buffer }, isIam: boolean): Promise<void> {
    if (!type.startsWith('multipart/form-data')) {
      const text = bytes.toString('utf8');
      const body = jsonObject(text);
      if (body === undefined) this.secrets.learnText(text);
      else this.secrets.learn(body, isIam);
      return;
    }
    const form = await readForm(Readable.from([bytes]), {
      contentType: type,
      maxBytes: MAX_FORM_BYTES,
    }).catch(() => new ImportForm({}, bytes));
    this.secrets.learn(form.fields);
    if (form.file !== undefined) this.#learnDocument(form.file);
  }

  /** Values by their names, and what stands in comments and texts. */
  #learnDocument(content: Uint8Array | string): void {
    const tree = parseDocument(content);
    if (tree.ok) this.secrets.learn(tree.root);
    this.secrets.learnText(typeof content === 'string' ? content : Buffer.from(content).toString('utf8'));
  }

  #tasksOf({ params }: Call): Map<string, Life> {
    const key = scopeKey(params['project_id'] ?? '', params['instance_id'] ?? '');
    const tasks = this.#scopes.get(key) ?? new Map<string, Life>();
    this.#scopes.set(key, tasks);
    return tasks;
  }

  #seeTask(call: Call, shown: Shown, moment: Moment): void {
    const tasks = this.#tasksOf(call);
    const known = tasks.get(shown.task_id);
    const longer = shown.task_result.length - (known?.shown.task_result.length ?? 0);
    if (!this.#hasSpace(longer)) return;
    const life = known ?? new Life(shown);
    tasks.set(shown.task_id, life);
    life.see(shown, moment);
  }

  #seeSubmission({ call, type, body, exchange }: Submission): void {
    const task_id = body?.['task_id'];
    if (typeof task_id !== 'string' || !this.#hasSpace(0)) return;
    const tasks = this.#tasksOf(call);
    const known = tasks.get(task_id);
    // A poll may be quicker than the response to the submission on its way here.
    if (known !== undefined) known.submittedMs = exchange.receivedMs;
    else
      tasks.set(
        task_id,
        new Life({ task_id, task_type: type, task_status: 'waiting', task_result: '' }, exchange.receivedMs),
      );
  }

  #hasSpace(characters: number): boolean {
    if (this.#characters + characters <= MAX_CHARACTERS) {
      this.#characters += characters;
      return !this.#isFull;
    }
    if (!this.#isFull)
      this.#note('the recording is full: results of 256 MB are held; what follows is passed on alone');
    this.#isFull = true;
    return false;
  }

  #seeSample(operation: OperationName, { status, text = '' }: Exchange, body: object | undefined): void {
    if (FILES.has(operation) && status < 400) return;
    const isTask = operation === 'ShowAsyncTaskResult' && status === 200;
    const { task_status, error_msg } = (body ?? {}) as { task_status?: unknown; error_msg?: unknown };
    // How it ended is among the tasks.
    if (isTask && (task_status === 'succeed' || task_status === 'failed')) return;
    if (text !== '' && body === undefined) return;
    const isExact = status >= 400 || isTask || (SUBMISSIONS[operation] !== undefined && status === 202);
    const kind = [operation, status, codeOf(body), wording(error_msg), task_status].join('\n');
    const known = this.#samples.get(kind);
    if (known !== undefined) known.count += 1;
    if (known !== undefined || this.#samples.size >= MAX_SAMPLES) return;
    const sample: Sample =
      isExact || text === ''
        ? { operation, response: { status, body: text } }
        : { operation, shape: true, response: { status, body: JSON.stringify(masked(body)) } };
    this.#samples.set(kind, { sample, count: 1 });
  }
}

interface Submission {
  readonly call: Call;
  readonly type: TaskType;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly exchange: Exchange;
}

const numbered = (at: number): string => String(at + 1).padStart(3, '0');

const codeOf = (body: object | undefined): string => {
  const { error_code } = (body ?? {}) as { readonly error_code?: unknown };
  return typeof error_code === 'string' ? error_code : '';
};

/** A text of an error without the ids and times that are others each time. */
const wording = (text: unknown): string =>
  typeof text === 'string' ? text.replaceAll(/[0-9a-f]{32}|\d{8}T\d{6}Z|canonicalRequest:.*/gs, '') : '';

/** The task in a response to a poll, if it is one. */
function shownIn(status: number, body: Readonly<Record<string, unknown>> | undefined): Shown | undefined {
  if (status !== 200 || body === undefined) return undefined;
  const { task_id, task_type: type, task_status: state, task_result = '' } = body;
  const task_type = TASK_TYPES.find((one) => one === type);
  const task_status = TASK_STATUSES.find((one) => one === state);
  if (typeof task_id !== 'string' || typeof task_result !== 'string') return undefined;
  if (task_type === undefined || task_status === undefined) return undefined;
  return { task_id, task_type, task_status, task_result };
}
