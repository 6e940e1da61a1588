/** `kill -9` while the state is written, again and again: what is left loads, and holds all that was acknowledged. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readState } from '../../src/admin/state/state-file.ts';
import { FOLDER, start } from '../support/command.ts';
import { call } from '../support/mock.ts';

const KILLS = 10;
const WRITERS = 8;

it('loses nothing that was acknowledged, however often it is killed', { timeout: 90_000 }, async () => {
  const file = join(FOLDER, 'killed.json');
  const args = ['--fixtures', 'none', '--progression', 'manual', '--state-file', file, '--log-level', 'warn'];
  const acknowledged = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    const mock = await start({ args });
    const tasks = `${mock.url}/__admin/tasks`;
    const listed = await call(`${tasks}?limit=1000`, { token: null });
    const ids = new Set((listed.body.tasks as { task_id: string }[]).map(({ task_id }) => task_id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);

    // Killed in the middle: after a number of responses that differs from round to round, with others under way.
    let responses = 0;
    const writers = Array.from({ length: WRITERS }, async () => {
      for (;;) {
        const json = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
        const response = await call(tasks, { token: null, json }).catch(() => undefined);
        if (response?.status !== 201) return;
        acknowledged.add(response.body.task_id);
        responses += 1;
        if (responses === 3 + round * 2) mock.child.kill('SIGKILL');
      }
    });
    await Promise.all(writers);
    expect((await mock.ended).signal).toBe('SIGKILL');
    expect(await readState(file)).toMatchObject({ format: 'apig-mock-snapshot' });
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS * 3);
});
