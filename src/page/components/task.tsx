/** One task: when it moved, who polled it, what came of it. */
import { useMemo } from 'preact/hooks';
import type { JournalEntry } from '../../admin/journal/journal.ts';
import { isTerminal } from '../../tasks/lifecycle.ts';
import type { TaskDetails } from '../../tasks/wire.ts';
import { adminCurl, instancePath, serviceCurl } from '../api.ts';
import { copy } from '../notice.ts';
import { getCaller } from '../preferences.ts';
import { openGroup } from '../resources.ts';
import { closeTask, details, stepTask, taskPath } from '../store.ts';
import { dateOf, joined, number, placeName, span, t, timeOfDay } from '../text.ts';
import { Button, Menu } from './controls.tsx';
import { Beside, Block, type Cell, StatusChip, Table } from './layout.tsx';
import { describePlan } from './plan.tsx';
import { failedCount, parseResult, Result } from './result.tsx';

const SHOWN_POLLS = 100;
const HEADS = ['time', 'status', 'credentials', 'reason'] as const;

export const TaskDetail = () =>
  details.value ? <Detail key={details.value.task.task_id} {...details.value} /> : null;

function Detail({ task, polls }: NonNullable<typeof details.value>) {
  const { task_id, task_type, task_status, task_result, plan, hold, reason, subject } = task;
  const result = useMemo(() => parseResult(task_result), [task_result]);
  const failed = failedCount(result);
  const rows = polls.slice(-SHOWN_POLLS).reverse();
  const about = joined(' · ', t(task_type), placeName(task), hold ? t('onHold') : describePlan(plan));
  return (
    <Beside id="task" title={subject ?? task_id} about={about} onClose={closeTask}>
      <div class="row">
        <span class={`chip ${task_status}`}>{t(task_status)}</span>
        {failed > 0 && <span class="chip bad">{t('notImported', number(failed))}</span>}
        <span class="grow" />
        <Actions task={task} result={result} />
      </div>
      {subject !== undefined && <p class="mono soft">{task_id}</p>}
      <Block title={t('timeline')}>
        <Timeline task={task} />
      </Block>
      <Block title={t('result')}>
        <Result text={task_result} result={isTerminal(task_status) ? result : {}} reason={reason} />
      </Block>
      <Block title={`${t('polls')} · ${number(polls.length)}`}>
        {polls.length === 0 ? (
          <p class="soft">{t('noPolls')}</p>
        ) : (
          <Table label={t('polls')} heads={HEADS} rows={rows} keyOf={({ id }) => id} cells={cellsOf} />
        )}
      </Block>
    </Beside>
  );
}

function Actions({ task, result }: { task: TaskDetails; result: Readonly<Record<string, unknown>> }) {
  const { project, instance } = getCaller();
  const rest = `async-tasks/${encodeURIComponent(task.task_id)}`;
  const poll = instancePath(task.project_id ?? project, task.instance_id ?? instance, rest);
  const isStepped = task.plan.mode === 'manual' && !task.hold && task.ended_at === undefined;
  const step = () => void copy(adminCurl('POST', taskPath(task, '/step'), {}));
  const group = result['group_id'];
  return (
    <>
      {typeof group === 'string' && group !== '' && task.project_id !== undefined && (
        <Button text="openGroup" class="small" onClick={() => openGroup({ ...task, id: group })} />
      )}
      {isStepped && <Button text="step" class="small primary" onClick={() => stepTask(task)} />}
      <Menu
        label={t('moreOf', task.task_id)}
        items={[
          ['copyCurl', () => void copy(serviceCurl(poll))],
          ...(isStepped ? [['copyStep', step] as const] : []),
          ['copyLink', () => void copy(location.href)],
        ]}
      />
    </>
  );
}

function Timeline({ task: { task_status, created_at, started_at, ended_at } }: { task: TaskDetails }) {
  const end = task_status === 'failed' ? 'failed' : 'succeed';
  const isOver = isTerminal(task_status);
  const moments = [
    ['waiting', t('created'), created_at, undefined],
    ['processing', t('processing'), started_at, created_at],
    [end, isOver ? t(end) : `${t('succeed')} / ${t('failed')}`, ended_at, started_at ?? created_at],
  ] as const;
  // A task that was loaded at start may have ended, and nobody knows when.
  const missing = t(isOver ? 'unknownTime' : 'notYet');
  const item = ([state, text, at, after]: (typeof moments)[number]) => (
    <li class={at || isOver ? state : 'open'}>
      <span>
        {text} {at && after && <span class="took">+{span(Date.parse(at) - Date.parse(after))}</span>}
      </span>
      <span class="mono soft">{at ? `${dateOf(at)} ${timeOfDay(at)}` : missing}</span>
    </li>
  );
  return <ol class="steps">{moments.map(item)}</ol>;
}

const cellsOf = ({ at, status, credentials, error_code, reason }: JournalEntry): Cell[] => [
  [timeOfDay(at), 'mono'],
  [<StatusChip key="status" status={status} />],
  [credentials],
  [joined(' · ', error_code, reason)],
];
