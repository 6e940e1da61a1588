/** The newest requests, why some were rejected, each as a command to send again. */
import { useSignal } from '@preact/signals';
import type { JournalEntry } from '../../admin/journal/journal.ts';
import { adminCurl, serviceCurl, withQuery } from '../api.ts';
import { loadRequests, requests, scope, send } from '../store.ts';
import { joined, number, t, timeOfDay } from '../text.ts';
import { Button, CopyButton } from './controls.tsx';
import { type Cell, Panel, StatusChip, Table } from './layout.tsx';

const SHOWN = 100;
const HEADS = ['time', 'request', 'status', 'reason', 'duration', 'curl'] as const;

export function Requests() {
  const errorsOnly = useSignal(false);
  const { total, dropped, requests: all } = requests.value;
  const shown = (errorsOnly.value ? all.filter(({ status }) => status >= 400) : all).slice(-SHOWN).reverse();
  const path = withQuery('/__admin/requests', scope.value);
  const toggle = () => {
    errorsOnly.value = !errorsOnly.value;
  };
  const head = (
    <>
      <span class="soft">
        {joined(' · ', number(total), dropped > 0 ? t('dropped', number(dropped)) : '')}
      </span>
      <span class="grow" />
      <label class="row soft">
        <input type="checkbox" checked={errorsOnly.value} onChange={toggle} />
        {t('errorsOnly')}
      </label>
      <Button text="clear" class="small" onClick={() => send('DELETE', path, {}, loadRequests)} />
      <CopyButton command={() => adminCurl('GET', path)} />
    </>
  );
  return (
    <Panel id="requests" head={head}>
      {shown.length === 0 ? (
        <p class="soft">{t('noRequests')}</p>
      ) : (
        <Table label={t('requests')} heads={HEADS} rows={shown} keyOf={({ id }) => id} cells={cellsOf} />
      )}
    </Panel>
  );
}

function cellsOf(entry: JournalEntry): Cell[] {
  const { at, operation, method, path, status, error_code, reason, fault_id, duration_ms } = entry;
  const fault = fault_id === undefined ? undefined : `${t('faults')} ${fault_id.slice(0, 8)}`;
  const lines = (
    <>
      <div>{operation ?? method}</div>
      <div class="mono soft">{`${method} ${path}`}</div>
    </>
  );
  return [
    [timeOfDay(at), 'mono tight'],
    [lines, 'path'],
    [<StatusChip key="status" status={status} />],
    [joined(' · ', error_code, reason, fault), 'why'],
    [`${duration_ms.toFixed(duration_ms < 10 ? 1 : 0)} ms`, 'soft tight'],
    [<CopyButton key="curl" sign="curl" command={() => serviceCurl(path, method)} />],
  ];
}
