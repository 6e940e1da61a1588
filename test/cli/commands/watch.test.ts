/** `apig-mock watch` as a process: plain lines, a line that breaks, a clean end. */
import { describe, expect, it } from 'vitest';
import { startApigMock } from '../../../src/index.ts';
import { otherServer } from '../../admin/remote-servers.ts';
import { until } from '../../admin/scene.ts';
import { command } from '../../support/command.ts';

const HERE = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' } as const;

/** Starts the command and collects its output. */
function watching(args: readonly string[], env: Record<string, string> = {}) {
  const run = command(['watch', ...args], {
    env,
    stderr: /^apig-mock watch: (?:(?:not )?connected to |some moves were lost)/,
  });
  const heard = { out: '', err: '' };
  run.child.stdout?.on('data', (chunk: Buffer) => {
    heard.out += chunk.toString();
  });
  run.child.stderr?.on('data', (chunk: Buffer) => {
    heard.err += chunk.toString();
  });
  return { ...run, heard };
}

describe('apig-mock watch', () => {
  it('writes a plain line per move, and ends at once with SIGINT', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const { heard, stop } = watching(['--url', mock.url]);
    await until(() => heard.err.includes('connected to'), 'the line');
    const { task_id } = await mock.tasks.create({ ...HERE, plan: { mode: 'manual' } });
    await mock.tasks.step(task_id);
    await until(() => heard.out.includes('waiting -> processing'), 'the move');
    const { code, stdout, tookMs } = await stop('SIGINT');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1500);
    expect(stdout.trim().split('\n').length).toBe(2);
    expect(stdout).toMatch(new RegExp(`^\\S+Z import_api ${task_id} p1/i1 waiting\\n`));
    expect(stdout).not.toContain('\u001b');
  });

  it('reconnects when the mock is back', async () => {
    const first = await startApigMock({ fixtures: 'none' });
    const { heard, stop } = watching(['--url', first.url]);
    await until(() => heard.err.includes('connected to'), 'the line');
    await first.close();
    await until(() => heard.err.includes('trying again'), 'the loss');
    await using again = await startApigMock({ fixtures: 'none', port: Number(new URL(first.url).port) });
    await until(() => heard.err.split(': connected to').length === 3, 'the line again');
    await again.tasks.create({ ...HERE, plan: { mode: 'manual' } });
    await until(() => heard.out.includes('import_api'), 'the task');
    expect((await stop('SIGTERM')).code).toBe(0);
  });

  it('watches one project, with the admin token', async () => {
    await using mock = await startApigMock({ fixtures: 'none', adminToken: 'let me in' });
    const { heard, stop } = watching(['--project', 'p2'], {
      APIG_MOCK_URL: mock.url,
      APIG_MOCK_ADMIN_TOKEN: 'let me in',
    });
    await until(() => heard.err.includes('connected to'), 'the line');
    await mock.tasks.create({ ...HERE, plan: { mode: 'manual' } });
    await mock.tasks.create({ ...HERE, project_id: 'p2', plan: { mode: 'manual' } });
    await until(() => heard.out.includes('p2/i1'), 'the task');
    expect((await stop('SIGINT')).stdout).not.toContain('p1/i1');
  });

  it.each<[string[], RegExp]>([
    [['--url', 'nowhere'], /--url: 'nowhere' is not what it takes/],
    [['--unknown'], /watch: Unknown option '--unknown'/],
  ])('rejects %j in one line', async (args, line) => {
    const { code, stderr } = await watching(args).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n').length).toBe(1);
  });

  it('reports that moves were lost when the mock was restarted, and writes those that came since', async () => {
    const first = await startApigMock({ fixtures: 'none' });
    const { heard, stop } = watching(['--url', first.url]);
    await until(() => heard.err.includes('connected to'), 'the line');
    await first.tasks.create({ ...HERE, plan: { mode: 'manual' } });
    await until(() => heard.out.includes('import_api'), 'the first task');
    await first.close();
    await using again = await startApigMock({ fixtures: 'none', port: Number(new URL(first.url).port) });
    const { task_id } = await again.tasks.create({ ...HERE, plan: { mode: 'manual' } });
    await until(() => heard.err.includes('some moves were lost'), 'the notice');
    await until(() => heard.out.includes(task_id), 'the second task');
    expect((await stop('SIGTERM')).code).toBe(0);
  });

  it.each<[number, string, string]>([
    [200, 'text/html', '<!doctype html>'],
    [404, 'application/json', '{"message":"Not Found"}'],
  ])('ends in one line where no mock is: %i %s', async (status, type, text) => {
    await using server = await otherServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(text);
    });
    const { code, stderr } = await watching(['--url', server.url]).ended;
    expect([code, stderr]).toEqual([
      2,
      `apig-mock: watch: no apig-mock responds at ${server.url}: GET /__admin/overview returned ${status} ${type}: check --url\n`,
    ]);
  });

  it('reports that it needs the admin token', async () => {
    await using mock = await startApigMock({ fixtures: 'none', adminToken: 'let me in' });
    const { code, stderr } = await watching(['--url', mock.url]).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('--admin-token')]);
  });
});
