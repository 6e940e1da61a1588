/** How new tasks will go: the plans that stand, a form for another, and a task made by hand. */
import type { PlanList } from '../control/calls.ts';
import type { PlanInput } from '../tasks/task.ts';
import { call } from './api.ts';
import { adminCurl, copyButton } from './curl.ts';
import { button, byId, el, field, put, select } from './dom.ts';
import { span, t } from './language.ts';
import { filter, look, scopeOf } from './model.ts';
import { attempt } from './say.ts';
import { lastPlace } from './session.ts';

let plans: PlanList | undefined;
let list: HTMLElement;
let fallback: HTMLElement;

/** Puts the form in; again after a change of language. */
export function buildPlan(): void {
  const form = planForm();
  list = el('ul', { class: 'rules' });
  fallback = el('p', { class: 'hint' });
  put(
    byId('plan'),
    el('div', { class: 'head' }, el('h2', { id: 'plan-title', class: 'grow' }, t('plan'))),
    fallback,
    form,
    list,
  );
  draw();
}

function planForm(): HTMLElement {
  const mode = select(
    [
      ['time', t('modeTime')],
      ['polls', t('modePolls')],
      ['manual', t('modeManual')],
      ['immediate', t('modeImmediate')],
    ],
    'time',
  );
  const number = (value: string, props = {}) => el('input', { type: 'number', min: 0, value, ...props });
  const [waiting, processing, times] = [
    number('500'),
    number('1500'),
    number('', { min: 1, placeholder: t('always') }),
  ];
  const ending = select(
    [
      ['', t('asItDoes')],
      ['failed', t('mustFail')],
    ],
    '',
  );
  const code = el('input', { type: 'text', value: 'APIG.3201', maxlength: 64 });
  const spans = [field(t('waitingFor'), waiting), field(t('processingFor'), processing)];
  const codeField = field(t('code'), code);
  const kind = select(
    [
      ['', t('all')],
      ['import_api', t('import_api')],
      ['export_api', t('export_api')],
    ],
    filter.task_type,
  );
  const arrange = (fresh: boolean): void => {
    const counted = mode.value === 'time' || mode.value === 'polls';
    for (const one of spans) one.hidden = !counted;
    codeField.hidden = ending.value === '';
    if (!fresh) return;
    waiting.value = mode.value === 'time' ? '500' : '1';
    processing.value = mode.value === 'time' ? '1500' : '1';
  };
  mode.addEventListener('change', () => arrange(true));
  ending.addEventListener('change', () => arrange(false));
  arrange(false);
  const planOf = (): PlanInput => ({
    ...timing(mode.value, Number(waiting.value), Number(processing.value)),
    ...(ending.value === ''
      ? {}
      : { outcome: { status: 'failed' as const, error_code: code.value, error_msg: 'Failed as planned' } }),
  });
  const request = (): object => ({
    ...scopeOf(),
    ...(kind.value === '' ? {} : { task_type: kind.value }),
    ...(times.value === '' ? {} : { times: Number(times.value) }),
    plan: planOf(),
  });
  return el(
    'div',
    { class: 'grid2' },
    field(t('mode'), mode, 'wide'),
    ...spans,
    field(t('kind'), kind),
    field(t('nextOnly'), times),
    field(t('ending'), ending),
    codeField,
    el(
      'div',
      { class: 'row wide' },
      button(t('apply'), () => change(request()), { class: 'primary' }),
      button(t('newTask'), () => make(kind.value, planOf())),
      copyButton(() => adminCurl('PUT', '/__admin/plan', request())),
    ),
  );
}

function timing(mode: string, waiting: number, processing: number): PlanInput {
  if (mode === 'time') return { mode, waiting_ms: waiting, processing_ms: processing };
  if (mode === 'polls') return { mode, waiting_polls: waiting, processing_polls: processing };
  return mode === 'manual' ? { mode } : { mode: 'immediate' };
}

const change = (request: object): void =>
  void attempt(async () => {
    plans = await call<PlanList>('PUT', '/__admin/plan', request);
    draw();
  });

/** Puts a task in with the plan of the form. */
const make = (kind: string, plan: PlanInput): void =>
  void attempt(async () => {
    await call('POST', '/__admin/tasks', {
      project_id: filter.project_id || lastPlace().project,
      instance_id: filter.instance_id || lastPlace().instance,
      task_type: kind || 'import_api',
      plan,
    });
    await look();
  });

/** Reads the plans that stand. */
export async function refreshPlans(): Promise<void> {
  plans = await call<PlanList>('GET', '/__admin/plan');
  draw();
}

function draw(): void {
  if (plans === undefined) return;
  put(fallback, t('planNow', inWords(plans.default)));
  put(
    list,
    ...plans.rules.map(({ plan, times, ...target }) => {
      const about = [
        target.project_id,
        target.instance_id,
        target.task_type,
        times === undefined ? undefined : `×${times}`,
      ];
      const where = about.filter((part) => part !== undefined).join(' / ') || t('all');
      return el(
        'li',
        {},
        el('span', {}, `${where}: ${inWords(plan)}`),
        times === undefined &&
          button(t('remove'), () => change({ ...target, plan: null }), { class: 'small' }),
      );
    }),
  );
}

/** A plan in a few words. */
export function inWords(plan: PlanInput): string {
  const ends = plan.outcome?.status === 'failed' ? ` → ${plan.outcome.error_code}` : '';
  switch (plan.mode) {
    case 'time':
      return `${t('modeTime')}, ${span(plan.waiting_ms ?? 0)} + ${span(plan.processing_ms ?? 0)}${ends}`;
    case 'polls':
      return `${t('modePolls')}, ${plan.waiting_polls} + ${plan.processing_polls}${ends}`;
    case 'manual':
      return t('modeManual') + ends;
    case 'immediate':
      return t('modeImmediate') + ends;
  }
}
