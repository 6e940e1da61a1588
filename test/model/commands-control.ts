/** The control calls on tasks and plans: create, step, wait, idle, plan. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { rejection } from '../admin/scene.ts';
import { takeId } from './check.ts';
import { commandOf, partOf, pickOf, placeOf } from './command.ts';
import {
  hasEnded,
  isIn,
  type Kind,
  type ModelTask,
  type Plan,
  type PlannedEnd,
  type Rule,
  type Status,
} from './model-state.ts';

interface CreateArgs {
  readonly at: number;
  readonly type: Kind;
  readonly id?: string | undefined;
  readonly plan?: Plan | undefined;
  readonly outcome?: PlannedEnd | undefined;
}

const create = commandOf<CreateArgs>('create', {
  async run(model, real, { at, type, id, plan, outcome }) {
    const place = placeOf(at);
    const asked = {
      ...place,
      task_type: type,
      ...(id === undefined ? {} : { task_id: id }),
      ...(plan === undefined ? {} : { plan }),
      ...(outcome === undefined ? {} : { outcome }),
    };
    if (id !== undefined && model.find(place, id) !== undefined) {
      expect(await rejection(real.control.tasks.create(asked))).toMatchObject({
        status: 400,
        code: 'APIG.2012',
      });
      return;
    }
    const { task_id } = await real.control.tasks.create(asked);
    const chosen = plan ?? model.takePlan(place, type);
    if (id !== undefined) expect(task_id).toBe(id);
    model.put({
      place,
      type,
      id: id ?? takeId(model, task_id),
      plan: outcome === undefined ? chosen : { ...chosen, outcome },
    });
  },
});

const step = commandOf<{ pick: number }>('step', {
  when: ({ state }) => state.tasks.length > 0,
  async run(model, real, { pick }) {
    const manual = model.state.tasks.filter(({ plan }) => plan.mode === 'manual');
    const task = pickOf(
      pick % 4 === 0 || manual.length === 0 ? model.state.tasks : manual,
      pick,
    ) as ModelTask;
    const stepping = real.control.tasks.step(task.id, task.place);
    if (!model.step(task)) {
      expect(await rejection(stepping)).toMatchObject({ status: 400, code: 'APIG.2012' });
      return;
    }
    expect(await stepping).toMatchObject({ task_id: task.id, task_status: task.status, ...task.place });
  },
});

const RANK: Readonly<Record<Status, number>> = { waiting: 0, processing: 1, succeed: 2, failed: 2 };

/** 200 when it is there or past it; 409 when nothing will bring it there; 408 when reads still may. */
function waitStatus(task: ModelTask, until: Status | undefined): number {
  if (until === undefined ? hasEnded(task) : task.status === until || RANK[task.status] > RANK[until])
    return 200;
  return hasEnded(task) || task.plan.mode !== 'polls' ? 409 : 408;
}

const wait = commandOf<{ pick: number; until?: Status | undefined }>('wait', {
  when: ({ state }) => state.tasks.length > 0,
  async run(model, real, { pick, until }) {
    const task = pickOf(model.state.tasks, pick) as ModelTask;
    const asked = { ...task.place, timeout_ms: 1, ...(until === undefined ? {} : { until }) };
    const waiting = real.control.tasks.wait(task.id, asked);
    const status = waitStatus(task, until);
    if (status === 200) expect(await waiting).toMatchObject({ task_id: task.id, task_status: task.status });
    else expect((await rejection(waiting)).status).toBe(status);
  },
});

const idle = commandOf<{ part: number }>('idle', {
  async run(model, real, { part }) {
    const left = model.state.tasks.filter((task) => isIn(task.place, partOf(part)) && !hasEnded(task));
    const status = left.length === 0 ? 0 : left.some(({ plan }) => plan.mode === 'polls') ? 408 : 409;
    const idling = real.control.idle({ ...partOf(part), timeout_ms: 1 });
    if (status === 0) await idling;
    else expect((await rejection(idling)).status).toBe(status);
  },
});

interface PlanArgs {
  readonly part: number;
  readonly type?: Kind | undefined;
  readonly times?: number | undefined;
  readonly plan: Plan | null;
}

const plan = commandOf<PlanArgs>('plan', {
  async run(model, real, { part, type, times, plan: chosen }) {
    const target = { ...partOf(part), ...(type === undefined ? {} : { task_type: type }) };
    const limit = times === undefined || chosen === null ? {} : { times };
    await real.control.plan({ ...target, ...limit, plan: chosen });
    const isSame = (rule: Rule): boolean =>
      rule.project_id === target.project_id &&
      rule.instance_id === target.instance_id &&
      rule.task_type === type;
    if (limit.times === undefined)
      model.state.rules = model.state.rules.filter((rule) => rule.times !== undefined || !isSame(rule));
    if (chosen !== null) model.state.rules.push({ ...target, ...limit, plan: chosen });
  },
});

const type = fc.constantFrom<Kind[]>('import_api', 'export_api');
const outcome = fc.constantFrom<PlannedEnd[]>(
  { status: 'failed', error_code: 'APIG.3001', error_msg: 'planned' },
  { status: 'succeed', task_result: '{"planned":"\\"é"}' },
  { status: 'succeed' },
);
const ms = fc.constantFrom(0, 100, 500, 1000, 1900);
const reads = fc.nat(2);
const anyPlan: fc.Arbitrary<Plan> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ mode: fc.constant('time' as const), waiting_ms: ms, processing_ms: ms }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      mode: fc.constant('polls' as const),
      waiting_polls: reads,
      processing_polls: reads,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ mode: 'manual' as const }) },
  { weight: 1, arbitrary: fc.constant({ mode: 'immediate' as const }) },
  {
    weight: 1,
    arbitrary: outcome.map((end) => ({
      mode: 'time' as const,
      waiting_ms: 100,
      processing_ms: 0,
      outcome: end,
    })),
  },
);
const pick = fc.nat(20);
const part = fc.nat(5);

export const controls = [
  fc
    .record({
      at: fc.nat(2),
      type,
      id: fc.option(fc.constantFrom('t1', 't2', 't3'), { nil: undefined }),
      plan: fc.option(anyPlan, { nil: undefined }),
      outcome: fc.option(outcome, { nil: undefined, freq: 4 }),
    })
    .map(create),
  fc.record({ pick }).map(step),
  fc
    .record({
      pick,
      until: fc.constantFrom<(Status | undefined)[]>(undefined, 'waiting', 'processing', 'succeed', 'failed'),
    })
    .map(wait),
  fc.record({ part }).map(idle),
  fc
    .record({
      part,
      type: fc.option(type, { nil: undefined }),
      times: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
      plan: fc.oneof({ weight: 4, arbitrary: anyPlan }, { weight: 1, arbitrary: fc.constant(null) }),
    })
    .map(plan),
];
