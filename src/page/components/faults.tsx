/** Faults: the usual ones as switches, others by a form, and those in force with how often they were triggered. */
import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import type { Fault } from '../../admin/faults/registry.ts';
import type { FaultAction, FaultRequest } from '../../admin/faults/schema.ts';
import type { JournalEntry } from '../../admin/journal/journal.ts';
import { OPERATION_NAMES, type OperationName } from '../../core/operation-names.ts';
import { go, viewAddress } from '../address.ts';
import { adminCurl, withQuery } from '../api.ts';
import { copy } from '../notice.ts';
import { faults, loadFaults, look, type Scope, send } from '../store.ts';
import { joined, type Text, t, textOf } from '../text.ts';
import { Button, Choice, Form, Input, Menu, NumberInput, Submit, type Values } from './controls.tsx';
import { Facts, Panel } from './layout.tsx';
import { useScope } from './scope.tsx';

const PRESETS: readonly (readonly [title: Text, detail: string, action: FaultAction])[] = [
  ['throttle', '429 APIG.0308', { type: 'error', status: 429, error_code: 'APIG.0308' }],
  ['systemError', '500 APIG.9999', { type: 'error', status: 500, error_code: 'APIG.9999' }],
  ['expired', '401 APIG.1002', { type: 'error', status: 401, error_code: 'APIG.1002' }],
  ['slow', '2000 ms', { type: 'delay', ms: 2000 }],
  ['reset', 'TCP RST', { type: 'reset' }],
  ['truncate', 'EOF', { type: 'truncate' }],
  ['malformed', '{"task_id":…', { type: 'malformed' }],
];

type Kind = FaultAction['type'];

/** What the form makes of each kind of fault; it has a control for each member. */
const KINDS: { readonly [K in Kind]: (values: Values) => Extract<FaultAction, { type: K }> } = {
  error: (values) => {
    const [status, error_code] = [Number(values('status')), values('code')];
    return { type: 'error', status, ...(error_code === '' ? {} : { error_code }) };
  },
  delay: (values) => ({ type: 'delay', ms: Number(values('ms')) }),
  reset: () => ({ type: 'reset' }),
  empty: () => ({ type: 'empty' }),
  truncate: () => ({ type: 'truncate' }),
  malformed: () => ({ type: 'malformed' }),
  dribble: (values) => ({ type: 'dribble', ms: Number(values('ms')) }),
};
const KIND_NAMES = Object.keys(KINDS) as Kind[];
/** The operation that new faults are for; '' = any. */
const operation = signal<OperationName | ''>('ShowAsyncTaskResult');
/** A fault to begin the form with, made of a request. */
const draft = signal<FaultRequest | undefined>(undefined);

/** A fault that makes later calls of the operation end as this request did; one that succeeded is throttled. */
export function faultOf({ operation: name, project_id, instance_id, ...entry }: JournalEntry): FaultRequest {
  const { status, error_code } = entry;
  const action: FaultAction =
    status === 0
      ? { type: 'reset' }
      : status < 400
        ? { type: 'error', status: 429, error_code: 'APIG.0308' }
        : { type: 'error', status, ...(error_code === undefined ? {} : { error_code }) };
  return {
    ...(name === null ? {} : { operation: name }),
    ...(project_id === null ? {} : { project_id }),
    ...(project_id === null || instance_id === null ? {} : { instance_id }),
    times: 1,
    action,
  };
}

/** Opens the form of faults with one filled in. */
export function openFault(fault: FaultRequest): void {
  draft.value = fault;
  operation.value = fault.operation ?? '';
  go(viewAddress('faults'));
}

const requestOf = (action: FaultAction, place: Scope): FaultRequest => ({
  ...(operation.value === '' ? {} : { operation: operation.value }),
  ...place,
  action,
});

const identityOf = ({ operation: name, project_id, instance_id, times, action }: FaultRequest): string =>
  JSON.stringify([name, project_id, instance_id, times, action]);

const change = (method: string, path: string, body?: FaultRequest): void =>
  send(method, `/__admin/faults${path}`, body, () => Promise.all([loadFaults(), look()]));
const add = (request: FaultRequest): void => change('POST', '', request);
const remove = ({ id }: Fault): void => change('DELETE', `/${encodeURIComponent(id)}`);
const curlOf = (request: FaultRequest): string => adminCurl('POST', '/__admin/faults', request);

export function Faults() {
  const { place, controls, set } = useScope();
  useLayoutEffect(() => {
    if (draft.value) set(draft.value);
  }, [draft.value]);
  const removeAll = () => change('DELETE', withQuery('', place));
  return (
    <div class="columns">
      <Panel id="faults">
        <p class="hint">{t('faultHint')}</p>
        <div class="grid2">
          {controls}
          <Choice
            label="operation"
            wide
            options={[...OPERATION_NAMES, ['', t('anyOperation')]]}
            bound={operation}
          />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would look otherwise */}
        <div class="switches" role="group" aria-label={t('faults')}>
          {PRESETS.map((one) => preset(one, place))}
        </div>
        <details open={draft.value !== undefined}>
          <summary>{t('customFault')}</summary>
          <CustomFault key={draft.value} place={place} begin={draft.value} />
        </details>
      </Panel>
      <section id="in-force" class="panel" aria-labelledby="in-force-title">
        <div class="head">
          <h2 id="in-force-title">{`${t('inForce')} · ${faults.value.length}`}</h2>
          {faults.value.length > 0 && <Button text="removeAll" class="small" onClick={removeAll} />}
        </div>
        {faults.value.length === 0 && <p class="hint">{t('noFaults')}</p>}
        <ul class="rules">{faults.value.map(present)}</ul>
      </section>
    </div>
  );
}

const present = (fault: Fault) => (
  <li key={fault.id}>
    <Facts facts={factsOf(fault)} />
    <Button text="remove" class="small" onClick={() => remove(fault)} />
  </li>
);

function preset([title, detail, action]: (typeof PRESETS)[number], place: Scope) {
  const id = `fault-${title}`;
  const request = requestOf(action, place);
  const fault = faults.value.find((one) => identityOf(one) === identityOf(request));
  const toggle = () => (fault === undefined ? add(request) : remove(fault));
  const isOn = fault !== undefined;
  return (
    <div key={id} class="switch">
      <span id={id}>
        {t(title)} <span class="soft">{detail}</span>
      </span>
      <Menu label={t('moreOf', t(title))} items={[['copyCurl', () => void copy(curlOf(request))]]} />
      <button type="button" role="switch" aria-checked={isOn} aria-labelledby={id} onClick={toggle} />
    </div>
  );
}

function CustomFault({ place, begin }: { place: Scope; begin: FaultRequest | undefined }) {
  const kind = useSignal<Kind>(begin?.action.type ?? 'error');
  const make: (values: Values) => FaultAction = KINDS[kind.value];
  const members = make(() => '');
  const error = begin?.action.type === 'error' ? begin.action : { status: 503, error_code: '' };
  const read = (values: Values): FaultRequest => ({
    ...requestOf(make(values), place),
    ...(Number(values('after')) > 0 ? { after: Number(values('after')) } : {}),
    ...(values('times') === '' ? {} : { times: Number(values('times')) }),
  });
  return (
    <Form class="grid2" onSubmit={(values) => add(read(values))}>
      <Choice label="action" wide options={KIND_NAMES} bound={kind} />
      {'status' in members && (
        <>
          <NumberInput
            label="httpStatus"
            name="status"
            defaultValue={error.status ?? 503}
            min={200}
            max={599}
          />
          <Input label="error_code" name="code" defaultValue={error.error_code ?? ''} maxLength={64} />
        </>
      )}
      {'ms' in members && <NumberInput label="ms" wide name="ms" defaultValue={1000} min={0} />}
      <NumberInput label="skipFirst" name="after" defaultValue={0} min={0} />
      <NumberInput label="times" name="times" defaultValue={begin?.times} min={1} />
      <div class="row wide">
        <Submit text="add" />
        <span class="grow" />
        <Menu
          label={t('moreOf', t('customFault'))}
          items={[['copyCurl', (values) => void copy(curlOf(read(values)))]]}
        />
      </div>
    </Form>
  );
}

/** A fault in full: what it matches, what it does, when, and how often it has. */
function factsOf(fault: Fault): (readonly [string, string])[] {
  const { operation: name, method, project_id, instance_id, task_id, times, hits, phase } = fault;
  const calls = name ?? (method === undefined ? t('everyCall') : undefined);
  const timing = [
    times === undefined ? t('everyTime') : t('timesLeft', Math.max(times - hits, 0), times),
    fault.after === undefined ? '' : t('afterCalls', fault.after),
    fault.probability === undefined ? '' : t('chance', fault.probability),
    phase && t(phase === 'before' ? 'phaseBefore' : 'phaseAfter'),
  ];
  return [
    [t('matches'), joined(' · ', calls, method, joined(' / ', project_id, instance_id), task_id)],
    [t('action'), actionText(fault.action)],
    [t('when'), joined(' · ', ...timing)],
    [t('triggered'), t('hits', hits)],
  ];
}

/** The kind, then its details by name where a value does not speak for itself. */
function actionText({ type, ...details }: FaultAction): string {
  const texts = Object.entries(details).map(([name, value]) => {
    if (name === 'status' || name === 'error_code') return textOf(value);
    if (name === 'ms') return `${value} ms`;
    return `${name} ${textOf(value)}`;
  });
  return joined(' · ', type, ...texts);
}
