/** `apig-mock faults`: the faults of a mock, listed, added and removed. */
import { objectOf, scopeOf, withControl } from '../client/control.ts';
import { type Given, outputJson } from '../command.ts';
import { formatTable } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface ShownFault {
  readonly id: string;
  readonly hits: number;
  readonly times?: number;
  readonly operation?: string;
  readonly method?: string;
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly action: object;
}

/** Runs the command. */
export const runFaults = (given: Given, terminal: Terminal): Promise<void> =>
  withControl(given, async (call) => {
    const scope = scopeOf(given);
    switch (given.action) {
      case 'add': {
        const fault = (await call('addFault', { ...scope, ...objectOf(given, 'faults add') })) as ShownFault;
        return void (outputJson(given, terminal, fault) || show([fault], terminal));
      }
      case 'remove':
        await call('removeFault', { fault_id: given.subject });
        return void (outputJson(given, terminal, { removed: given.subject }) || terminal.note(`removed`));
      case 'clear':
        await call('clearFaults', scope);
        return void (outputJson(given, terminal, { cleared: true }) || terminal.note('cleared'));
      default: {
        const { faults } = (await call('listFaults')) as { faults: ShownFault[] };
        const { project, instance } = given.texts;
        const here = faults.filter(
          ({ project_id, instance_id }) =>
            (project === undefined || project_id === project) &&
            (instance === undefined || instance_id === instance),
        );
        return void (outputJson(given, terminal, { faults: here }) || show(here, terminal));
      }
    }
  });

function show(faults: readonly ShownFault[], terminal: Terminal): void {
  const head = ['FAULT', 'HITS', 'MATCHES', 'PLACE', 'ACTION'];
  const rows = faults.map(({ id, hits, times, operation, method, project_id, instance_id, action }) => [
    id,
    times === undefined ? `${hits}` : `${hits} of ${times}`,
    operation ?? method ?? 'every request',
    [project_id ?? 'everywhere', ...(instance_id === undefined ? [] : [instance_id])].join('/'),
    JSON.stringify(action),
  ]);
  const paint = (cell: string, row: number): string => (row === 0 ? terminal.paint(cell, 'quiet') : cell);
  terminal.out(formatTable([head, ...rows], { paint }));
}
