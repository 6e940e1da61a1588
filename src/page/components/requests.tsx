/** The requests: the newest below the board, all of them in a view of their own, and one in detail beside it. */
import { signal } from '@preact/signals';
import type { JournalEntry } from '../../admin/journal/journal.ts';
import { OPERATION_NAMES } from '../../core/operation-names.ts';
import { address, go, view, viewAddress } from '../address.ts';
import { adminCurl, withQuery } from '../api.ts';
import { copy } from '../notice.ts';
import { isFound, loadRequests, openTask, requestedOperation, requests, scope, send } from '../store.ts';
import { joined, number, placeName, t, textOf, timeOfDay } from '../text.ts';
import { Button, Choice, Menu, STOP } from './controls.tsx';
import { faultOf, openFault } from './faults.tsx';
import { Beside, Block, type Cell, Facts, Panel, StatusChip, Table } from './layout.tsx';
import { curlFor, pythonFor } from './request-code.ts';

const SHOWN = 200;
const SHOWN_BELOW = 8;
const HEADS = ['time', 'request', 'status', 'reason', 'duration', 'actions'] as const;

/** Which statuses are shown. */
const STATUSES = {
  all: () => true,
  errors: (status: number) => status >= 400 || status === 0,
  '2xx': (status: number) => status >= 200 && status < 300,
  '4xx': (status: number) => status >= 400 && status < 500,
  '5xx': (status: number) => status >= 500,
  cut: (status: number) => status === 0,
} as const;
const wantedStatus = signal<keyof typeof STATUSES>('all');

const openRequest = ({ id }: JournalEntry): void => go({ ...viewAddress('requests'), request: String(id) });
const isOpen = ({ id }: JournalEntry): boolean => address.value.request === String(id);

export function Requests() {
  const isBelow = view.value === 'tasks';
  const { total, dropped, requests: all } = requests.value;
  const path = withQuery('/__admin/requests', scope.value);
  const fits = ({ status, ...entry }: JournalEntry) =>
    STATUSES[wantedStatus.value](status) &&
    isFound(entry.path, entry.operation, entry.reason, entry.error_code, entry.request_id, String(status));
  const shown = (isBelow ? all.slice(-SHOWN_BELOW) : all.filter(fits).slice(-SHOWN)).reverse();
  const head = (
    <>
      <span class="soft">
        {joined(' · ', number(total), dropped > 0 ? t('dropped', number(dropped)) : '')}
      </span>
      <span class="grow" />
      {isBelow && total > 0 && (
        <Button text="allRequests" class="small" onClick={() => go(viewAddress('requests'))} />
      )}
      <Menu
        label={t('moreOf', t('requests'))}
        items={[
          ['copyCurl', () => void copy(adminCurl('GET', path))],
          ['clear', () => send('DELETE', path, {}, loadRequests)],
        ]}
      />
    </>
  );
  return (
    <Panel id="requests" head={head}>
      {!isBelow && <Filter />}
      {shown.length === 0 ? (
        <p class="soft">{t(total === 0 ? 'noRequests' : 'nothingFound')}</p>
      ) : (
        <Table
          label={t('requests')}
          heads={HEADS}
          rows={shown}
          keyOf={({ id }) => id}
          cells={cellsOf}
          open={isOpen}
        />
      )}
    </Panel>
  );
}

function Filter() {
  const names = Object.keys(STATUSES) as (keyof typeof STATUSES)[];
  const labelOf = (name: keyof typeof STATUSES) =>
    name === 'all' || name === 'errors' || name === 'cut' ? t(name) : name;
  return (
    <form class="filters" aria-label={t('filters')} onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="operation"
        options={[['', t('anyOperation')], ...OPERATION_NAMES]}
        bound={requestedOperation}
      />
      <Choice
        label="status"
        options={names.map((name) => [name, labelOf(name)] as const)}
        bound={wantedStatus}
      />
      <p class="soft hint-inline">{t('searchHint')}</p>
    </form>
  );
}

/** What can be done with a request. */
const actionsOf = (entry: JournalEntry) =>
  [
    ['makeFault', () => openFault(faultOf(entry))],
    ['copyCurl', () => void copy(curlFor(entry))],
    ['copyPython', () => void copy(pythonFor(entry))],
  ] as const;

function cellsOf(entry: JournalEntry): Cell[] {
  const { at, operation, method, path, status, error_code, reason, fault_id, duration_ms } = entry;
  const fault = fault_id === undefined ? undefined : `${t('faults')} ${fault_id.slice(0, 8)}`;
  return [
    [timeOfDay(at), 'mono tight'],
    [
      <button key="open" type="button" class="link-like" onClick={() => openRequest(entry)} {...STOP}>
        <span>{operation ?? method}</span>
        <span class="line mono soft">{`${method} ${path}`}</span>
      </button>,
      'path',
    ],
    [<StatusChip key="status" status={status} />],
    [joined(' · ', error_code, reason, fault), 'why'],
    [`${duration_ms.toFixed(duration_ms < 10 ? 1 : 0)} ms`, 'soft tight'],
    [<Menu key="more" stop label={t('moreOf', operation ?? path)} items={actionsOf(entry)} />],
  ];
}

/** Of what was sent, the journal has an allow-list of members; the page shows whichever are there. */
const SENT = ['query', 'fields', 'form', 'file', 'headers'] as const;

export function RequestDetail() {
  const id = address.value.request;
  if (id === '') return null;
  const entry = requests.value.requests.find((one) => String(one.id) === id);
  const close = () => go({ request: '' });
  if (entry !== undefined) return <Detail key={id} entry={entry} onClose={close} />;
  return (
    <Beside key={id} id="request" title={t('request')} onClose={close}>
      <p class="soft">{t('requestGone')}</p>
    </Beside>
  );
}

function Detail({ entry, onClose }: { entry: JournalEntry; onClose: () => void }) {
  const { method, path, operation, status, error_code, reason, fault_id, task_id, project_id, instance_id } =
    entry;
  const place = { project_id: project_id ?? undefined, instance_id: instance_id ?? undefined };
  const members = (entry as { readonly sent?: unknown }).sent ?? entry;
  const sent = SENT.flatMap((name) => sentFacts(name, (members as Readonly<Record<string, unknown>>)[name]));
  const why = joined(' · ', reason, fault_id === undefined ? '' : t('byFault', fault_id));
  return (
    <Beside id="request" title={operation ?? `${method} ${path}`} about={placeName(place)} onClose={onClose}>
      <div class="row">
        <StatusChip status={status} />
        <span class="soft">{`${timeOfDay(entry.at)} · ${entry.duration_ms.toFixed(1)} ms`}</span>
        <span class="grow" />
        {task_id !== null && (
          <Button text="openTask" class="small" onClick={() => openTask({ ...place, task_id })} />
        )}
        <Menu label={t('moreOf', operation ?? path)} items={actionsOf(entry)} />
      </div>
      {why !== '' && (
        <p class="reason">
          <strong>{t('why')}</strong> {why}
        </p>
      )}
      <Block title={t('sent')}>
        <Facts
          facts={[
            [t('request'), `${method} ${path}`],
            [t('credentials'), entry.credentials === 'none' ? t('noCredentials') : entry.credentials],
            ...sent,
          ]}
        />
      </Block>
      <Block title={t('received')}>
        <Facts
          facts={[
            [t('status'), status === 0 ? t('cut') : String(status)],
            ...(error_code === undefined ? [] : [[t('error_code'), error_code] as const]),
            ['X-Request-Id', entry.request_id],
          ]}
        />
      </Block>
      <div class="row">
        <Button text="makeFault" onClick={() => openFault(faultOf(entry))} />
        <Button text="onlyThese" onClick={() => onlyThese(entry)} />
      </div>
    </Beside>
  );
}

function sentFacts(name: string, value: unknown): (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    return [[name, Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value)]];
  return Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, textOf(one)] as const);
}

/** Filters by the operation and the status of a request. */
function onlyThese({ operation, status }: JournalEntry): void {
  requestedOperation.value = operation ?? '';
  wantedStatus.value =
    (['2xx', '4xx', '5xx', 'cut'] as const).find((name) => STATUSES[name](status)) ?? 'all';
}
