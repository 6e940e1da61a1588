/** How new tasks will go: the plans in force, a form for another, and a task made by hand. */
import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import type { PlanList } from '../../admin/old-calls.ts';
import type { PlanInput } from '../../tasks/task.ts';
import { go, viewAddress } from '../address.ts';
import { adminCurl } from '../api.ts';
import { copy, notify } from '../notice.ts';
import { getCaller } from '../preferences.ts';
import { loadPlans, type Place, plans, send } from '../store.ts';
import { joined, placeName, span, type Text, t } from '../text.ts';
import { Button, Choice, Form, Input, Menu, NumberInput, Submit, type Values } from './controls.tsx';
import { taskTypeOptions } from './filters.tsx';
import { Panel } from './layout.tsx';
import { useScope } from './scope.tsx';

type Mode = PlanInput['mode'];

/** Each way in which a task moves on: its name, and where it counts something, what the form starts with. */
const MODES: Readonly<Record<Mode, readonly [name: Text, waiting?: number, processing?: number]>> = {
  time: ['modeTime', 500, 1500],
  polls: ['modePolls', 1, 1],
  manual: ['modeManual'],
  immediate: ['modeImmediate'],
};

export const Plan = () => (
  <div class="columns">
    <Panel id="plan">
      <PlanForm />
    </Panel>
    <section id="rules" class="panel" aria-labelledby="rules-title">
      <div class="head">
        <h2 id="rules-title">{t('inForce')}</h2>
      </div>
      {plans.value && <p class="hint">{t('defaultPlan', describePlan(plans.value.default))}</p>}
      <ul class="rules">{plans.value?.rules.map(item)}</ul>
    </section>
  </div>
);

function item({ plan, times, ...target }: PlanList['rules'][number], at: number) {
  const count = times === undefined ? '' : `×${times}`;
  const place = joined(' / ', target.project_id, target.instance_id, target.task_type, count) || t('all');
  const remove = () => setPlan({ ...target, plan: null });
  return (
    <li key={at}>
      <span>{`${place}: ${describePlan(plan)}`}</span>
      {times === undefined && <Button text="remove" class="small" onClick={remove} />}
    </li>
  );
}

const setPlan = (request: object): void => send('PUT', '/__admin/plan', request, loadPlans);

function planFrom(mode: Mode, values: Values): PlanInput {
  const [waiting, processing] = [Number(values('waiting')), Number(values('processing'))];
  const failure = { status: 'failed', error_code: values('code'), error_msg: 'Failed as planned' } as const;
  const end = values('outcome') === '' ? {} : { outcome: failure };
  if (mode === 'time') return { mode, waiting_ms: waiting, processing_ms: processing, ...end };
  if (mode === 'polls') return { mode, waiting_polls: waiting, processing_polls: processing, ...end };
  return { mode, ...end };
}

/** A plan in a few words. */
export function describePlan(plan: PlanInput): string {
  const counts =
    plan.mode === 'time'
      ? `${span(plan.waiting_ms ?? 0)} + ${span(plan.processing_ms ?? 0)}`
      : plan.mode === 'polls' && `${plan.waiting_polls} + ${plan.processing_polls}`;
  const end = plan.outcome?.status === 'failed' ? ` → ${plan.outcome.error_code}` : '';
  return joined(', ', t(MODES[plan.mode][0]), counts || undefined) + end;
}

type Wanted = { readonly mode: Mode; readonly place: Place };

const requestFrom = ({ mode, place }: Wanted, values: Values): object => ({
  ...place,
  ...(values('type') === '' ? {} : { task_type: values('type') }),
  ...(values('times') === '' ? {} : { times: Number(values('times')) }),
  plan: planFrom(mode, values),
});

/** Puts a task in with the plan of the form. */
const createTask = ({ mode, place }: Wanted, values: Values): void => {
  const target = {
    project_id: place.project_id ?? getCaller().project,
    instance_id: place.instance_id ?? getCaller().instance,
  };
  send('POST', '/__admin/tasks', {
    ...target,
    task_type: values('type') || 'import_api',
    plan: planFrom(mode, values),
  });
  notify(t('taskCreated', placeName(target)), { text: 'view', run: () => go(viewAddress('tasks')) });
};

function PlanForm() {
  const mode = useSignal<Mode>('time');
  const outcome = useSignal('');
  const { place, controls } = useScope();
  const wanted = { mode: mode.value, place };
  const request = (values: Values) => requestFrom(wanted, values);
  const modes = Object.entries(MODES).map(([value, [name]]) => [value as Mode, t(name)] as const);
  const outcomes = [['', t('actualResult')] as const, ['failed', t('fails')] as const];
  const [, waiting, processing] = MODES[mode.value];
  return (
    <Form class="grid2" onSubmit={(values) => setPlan(request(values))}>
      {controls}
      <Choice label="progression" wide options={modes} bound={mode} />
      {waiting !== undefined && (
        <Fragment key={mode.value}>
          <NumberInput label="waiting" name="waiting" defaultValue={waiting} min={0} />
          <NumberInput label="processing" name="processing" defaultValue={processing} min={0} />
        </Fragment>
      )}
      <Choice label="type" name="type" options={taskTypeOptions()} />
      <NumberInput label="times" name="times" min={1} />
      <Choice label="outcome" name="outcome" options={outcomes} bound={outcome} />
      {outcome.value !== '' && (
        <Input label="error_code" name="code" defaultValue="APIG.3201" maxLength={64} />
      )}
      <div class="row wide">
        <Submit text="apply" />
        <Button text="newTask" onClick={(values) => createTask(wanted, values)} />
        <span class="grow" />
        <Menu
          label={t('moreOf', t('plan'))}
          items={[['copyCurl', (values) => void copy(adminCurl('PUT', '/__admin/plan', request(values)))]]}
        />
      </div>
    </Form>
  );
}
