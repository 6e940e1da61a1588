/** Faults: put in force with every aim and count, taken away one by one or by part. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { FaultRequest } from '../../src/admin/faults/schema.ts';
import type { OperationName } from '../../src/core/operation-names.ts';
import { takeId } from './check.ts';
import { commandOf, partOf, pickOf } from './command.ts';
import type { ModelFault } from './model-state.ts';

interface FaultArgs {
  readonly part: number;
  readonly operation?: OperationName | undefined;
  /** Aims at one task. */
  readonly pick?: number | undefined;
  readonly after?: number | undefined;
  readonly times?: number | undefined;
  readonly phase: ModelFault['phase'];
  readonly action: ModelFault['action'];
}

/** The response of a fault can be distinguished from every other. */
const actionOf = (action: ModelFault['action']): FaultRequest['action'] =>
  action.type === 'error' && action.status !== undefined
    ? { type: 'error', status: action.status, error_code: `FAULT.${action.status}`, error_msg: 'injected' }
    : ({ type: action.type } as FaultRequest['action']);

const addFault = commandOf<FaultArgs>('addFault', {
  // Without a socket there is no connection to cut.
  when: ({ setting }, { action }) =>
    setting.transport === 'socket' || !['empty', 'truncate'].includes(action.type),
  async run(model, real, { part, operation, pick, after, times, phase, action }) {
    const task = pick === undefined ? undefined : pickOf(model.state.tasks, pick);
    const aim = {
      ...partOf(part),
      ...(operation === undefined ? {} : { operation }),
      ...(task === undefined ? {} : { task_id: task.id }),
      ...(after === undefined ? {} : { after }),
      ...(times === undefined ? {} : { times }),
    };
    const shapes = action.type === 'truncate' || action.type === 'malformed';
    const when = shapes ? 'after' : phase;
    const fault = await real.control.faults.add({
      ...aim,
      ...(when === 'checked' ? {} : { phase: when }),
      action: actionOf(action),
    });
    expect(fault).toMatchObject({ ...aim, hits: 0, seen: 0 });
    model.state.faults.push({ ...aim, id: takeId(model, fault.id), phase: when, action, hits: 0, seen: 0 });
  },
});

const removeFault = commandOf<{ pick: number }>('removeFault', {
  when: ({ state }) => state.faults.length > 0,
  async run(model, real, { pick }) {
    const { id } = pickOf(model.state.faults, pick) as ModelFault;
    await real.control.faults.remove(id);
    model.state.faults = model.state.faults.filter((fault) => fault.id !== id);
  },
});

const clearFaults = commandOf<{ part: number }>('clearFaults', {
  async run(model, real, { part }) {
    const { project_id, instance_id } = partOf(part);
    await real.control.faults.clear(partOf(part));
    model.state.faults = model.state.faults.filter(
      (fault) =>
        (project_id !== undefined && fault.project_id !== project_id) ||
        (instance_id !== undefined && fault.instance_id !== instance_id),
    );
  },
});

const part = fc.nat(5);
const pick = fc.nat(20);

export const faults = [
  fc
    .record({
      part,
      operation: fc.constantFrom(undefined, 'ShowAsyncTaskResult', 'ImportApiDefinitionsAsync', 'ListApisV2'),
      pick: fc.option(pick, { nil: undefined, freq: 2 }),
      after: fc.constantFrom(undefined, 0, 1, 2),
      times: fc.constantFrom(undefined, 1, 2),
      phase: fc.constantFrom('before' as const, 'checked' as const, 'after' as const),
      action: fc.constantFrom<ModelFault['action'][]>(
        { type: 'error', status: 500 },
        { type: 'error', status: 429 },
        { type: 'empty' },
        { type: 'truncate' },
        { type: 'malformed' },
      ),
    })
    .map(addFault),
  fc.record({ pick }).map(removeFault),
  fc.record({ part }).map(clearFaults),
];
