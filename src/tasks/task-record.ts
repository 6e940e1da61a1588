/**
 * A task as it is written down, in a seed file or a snapshot: the members that both have, and which members go
 * together. Whatever takes a task from a file or a call goes by these rules, so what one takes, the other does.
 */
import { Type } from '@sinclair/typebox';
import { ID_IN_WORDS, idPattern } from '../core/scope.ts';
import { isTerminal } from './lifecycle.ts';
import { type PlanInput, type TaskStatus, TaskStatusSchema, TaskTypeSchema } from './task.ts';

export const idSchema = (what: string) =>
  Type.String({ pattern: idPattern(false).source, description: `${what}: ${ID_IN_WORDS}` });

export const scopeMembers = {
  project_id: Type.Optional(idSchema('a project id')),
  instance_id: Type.Optional(idSchema('an instance id')),
};

export const taskMembers = {
  task_id: idSchema('a task id'),
  task_type: TaskTypeSchema,
  task_status: TaskStatusSchema,
  task_result: Type.String({ description: 'the text of task_result, a string' }),
};

interface RecordScope {
  readonly project_id?: string | undefined;
  readonly instance_id?: string | undefined;
}

/** The members that the rules look at; a seed has the first few. */
export interface TaskRecord extends RecordScope {
  readonly task_id: string;
  readonly task_status: TaskStatus;
  readonly task_result: string;
  readonly reason?: string | undefined;
  readonly started_ms?: number | undefined;
  readonly ended_ms?: number | undefined;
  readonly plan?: PlanInput | undefined;
  readonly queued?: boolean | undefined;
  readonly input?: object | undefined;
}

/** A member that does not go with the others, and why, to be read on from its name. */
export interface Contradiction {
  readonly member: string;
  readonly message: string;
}

interface Rule extends Contradiction {
  readonly isBroken: (record: TaskRecord) => boolean;
}

const WHOLE_SCOPE: Contradiction = {
  member: 'project_id',
  message: 'and instance_id go together: give both, or neither',
};

const RULES: readonly Rule[] = [
  {
    member: 'task_result',
    message: 'must be empty, since the task has not ended',
    isBroken: ({ task_status, task_result }) => task_result !== '' && !isTerminal(task_status),
  },
  {
    member: 'reason',
    message: 'goes with a task that has ended',
    isBroken: ({ task_status, reason }) => reason !== undefined && !isTerminal(task_status),
  },
  {
    member: 'started_ms',
    message: 'must be absent, since the task is waiting',
    isBroken: ({ task_status, started_ms }) => started_ms !== undefined && task_status === 'waiting',
  },
  {
    member: 'ended_ms',
    message: 'must be absent, since the task has not ended',
    isBroken: ({ task_status, ended_ms }) => ended_ms !== undefined && !isTerminal(task_status),
  },
  {
    member: 'queued',
    message: 'goes with a waiting task alone, whose plan goes by time',
    isBroken: ({ task_status, queued, plan }) =>
      queued !== undefined && (task_status !== 'waiting' || plan?.mode !== 'time'),
  },
  {
    member: 'input',
    message: 'must be absent, since the task has ended',
    isBroken: ({ task_status, input }) => input !== undefined && isTerminal(task_status),
  },
];

/** A scope that is half given; without one, every scope sees the task. */
export const scopeContradiction = ({ project_id, instance_id }: RecordScope): Contradiction | undefined =>
  (project_id === undefined) === (instance_id === undefined) ? undefined : WHOLE_SCOPE;

/** The first member of a task that does not go with the others. */
export const contradictionIn = (record: TaskRecord): Contradiction | undefined =>
  scopeContradiction(record) ?? RULES.find(({ isBroken }) => isBroken(record));

/** Reports whether a task has an id that an earlier one of the same scope has. */
export function createDuplicateCheck(): (record: RecordScope & { readonly task_id: string }) => boolean {
  const seen = new Set<string>();
  return ({ project_id = '', instance_id = '', task_id }) => {
    const before = seen.size;
    return seen.add(`${project_id}/${instance_id}/${task_id}`).size === before;
  };
}
