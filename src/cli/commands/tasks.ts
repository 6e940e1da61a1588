/** `apig-mock tasks` and `apig-mock wait`: the tasks of a mock, shown, created, moved and waited for. */

import { objectOf, scopeOf, withControl } from '../client/control.ts';
import { type Given, outputJson } from '../command.ts';
import { formatTable } from '../terminal/table.ts';
import { harmless, leaving, type Paint, type Terminal } from '../terminal/terminal.ts';

/** A task as the control calls show it. */
interface ShownTask {
  readonly task_id: string;
  readonly task_type: string;
  readonly task_status: string;
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly created_at: string;
  readonly subject?: string;
  readonly reason?: string;
}

const PAINTS: Readonly<Record<string, Paint>> = { succeed: 'good', failed: 'bad', waiting: 'quiet' };

/** Runs `tasks`. */
export const runTasks = (given: Given, terminal: Terminal): Promise<void> =>
  withControl(given, async (call) => {
    const { action, subject, texts } = given;
    const scope = scopeOf(given);
    if (action === 'list') {
      const filter = { task_type: texts['type'], task_status: texts['state'], limit: texts['limit'] };
      const list = (await call('listTasks', { ...scope, ...filter })) as {
        total: number;
        tasks: ShownTask[];
      };
      return void (outputJson(given, terminal, list) || showTasks(list.tasks, list.total, terminal));
    }
    const task = (await (action === 'create'
      ? call('createTask', {
          project_id: 'p1',
          instance_id: 'i1',
          task_type: 'import_api',
          ...defined(scope),
          ...objectOf(given, 'tasks create'),
        })
      : call(action === 'show' ? 'getTask' : 'stepTask', { task_id: subject, ...scope }))) as ShownTask;
    return void (outputJson(given, terminal, task) || showTasks([task], 1, terminal));
  });

const defined = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function showTasks(tasks: readonly ShownTask[], total: number, terminal: Terminal): void {
  const head = ['TASK', 'TYPE', 'STATE', 'PLACE', 'CREATED', 'SUBJECT OR REASON'];
  const rows = tasks.map((task) => [
    ...[task.task_id, task.task_type, task.task_status],
    task.project_id === undefined ? 'everywhere' : `${task.project_id}/${task.instance_id}`,
    ...[task.created_at, task.reason ?? task.subject ?? ''],
  ]);
  const paint = (cell: string, row: number, column: number): string =>
    row === 0
      ? terminal.paint(cell, 'quiet')
      : column === 2
        ? terminal.paint(cell, PAINTS[cell] ?? 'strong')
        : cell;
  terminal.out(formatTable([head, ...rows], { paint }));
  if (total > tasks.length)
    terminal.note(`${tasks.length} of ${total} tasks: see --limit, --state, --type and --project`);
}

/** Runs `wait`. */
export function runWait(given: Given, terminal: Terminal): Promise<void> {
  const { subject, texts } = given;
  const what = subject === '' ? 'the tasks go' : `task ${harmless(subject)} goes`;
  const goesOn = `interrupted: ${what} on at ${texts['url']}`;
  return leaving(terminal, goesOn, () =>
    withControl(given, async (call) => {
      const limit = { timeout_ms: Number(texts['timeout']) * 1000, ...scopeOf(given) };
      if (subject === '') {
        await call('waitForIdle', limit);
        return void (outputJson(given, terminal, { idle: true }) || terminal.out('idle\n'));
      }
      const task = await call('waitForTask', { ...limit, task_id: subject, until: texts['until'] });
      return void (outputJson(given, terminal, task) || showTasks([task as ShownTask], 1, terminal));
    }),
  );
}
