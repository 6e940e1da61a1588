/** One client with a project and a clock of its own: does one thing after the other, knowing what must come of it. */
import { Caller } from './caller.js';
import { WrongResponse } from './line.js';
import { judgePoll } from './model.js';
import { expectStatus, documentOf, form, json, plain, rejects } from './requests.js';
import { watchOneTask } from './watching.js';

/** What is done, and how often. */
const WEIGHTS = {
  polls: 40,
  timed: 4,
  advance: 6,
  imports: 3,
  exports: 3,
  counted: 4,
  stepped: 2,
  fault: 2,
  plan: 2,
  journal: 2,
  rejections: 2,
  watch: 1,
  reconnect: 1,
};
const CHOICES = Object.entries(WEIGHTS).flatMap(([name, weight]) => new Array(weight).fill(name));
const MAX_TASKS = 150;
/** One slot of the workers is left free, so that no task waits in line. */
const MAX_MOVING = 6;
const ENVIRONMENT = 'DEFAULT_ENVIRONMENT_RELEASE_ID';

export class Client extends Caller {
  /** How often each thing was done. */
  done = {};

  /** Does one thing. Rejects with what was wrong. */
  async act() {
    const name = CHOICES[this.draw(CHOICES.length)];
    const things = this.model.tasks.length;
    if (things >= MAX_TASKS) await this.reset();
    else await this[name]();
    this.done[name] = (this.done[name] ?? 0) + 1;
  }

  async polls() {
    const { tasks } = this.model;
    if (tasks.length === 0) return this.timed();
    const task = tasks[this.draw(tasks.length)];
    const count = 64 + this.draw(448);
    const query = this.draw(16) === 0 ? '?long=1' : '';
    const rounds = query === '' ? count : 16;
    await this.line.send(this.poll(task, query).repeat(rounds), rounds, (response) =>
      judgePoll(task, response),
    );
  }

  async timed() {
    if (this.model.moving < MAX_MOVING) await this.create('time');
  }

  async advance() {
    const ms = 30 + this.draw(220);
    await this.one(
      json('POST', '/__admin/clock/advance', { ms, project_id: this.project }),
      expectStatus(200),
    );
    this.model.advance(ms);
    for (const task of this.model.tasks)
      await this.one(this.poll(task), (response) => judgePoll(task, response));
  }

  async imports() {
    if (this.model.moving >= MAX_MOVING) return;
    this.count += 1;
    const group = { title: `g_${this.count}`, count: 1 + this.draw(30), id: undefined };
    let id = '';
    await this.one(
      form(`${this.url}/openapi/async-import`, documentOf(group.title, group.count)),
      expectStatus(202, ({ task_id }) => {
        id = task_id;
        return /^[0-9a-f]{32}$/.test(id) ? undefined : 'must hold a task id';
      }),
    );
    this.model.add(id, 'import_api', 'time', ({ success, failure, group_id }) => {
      if (success.length !== group.count || failure.length !== 0) return `must import ${group.count} APIs`;
      group.id = group_id;
      this.groups.push(group);
      return undefined;
    });
  }

  async exports() {
    const group = this.groups[this.draw(Math.max(this.groups.length, 1))];
    if (group === undefined) return;
    const body = { group_id: group.id, env_id: ENVIRONMENT };
    const isWhole = ({ info, paths }) =>
      info.title === group.title && Object.keys(paths).length === group.count
        ? undefined
        : 'must hold the group';
    await this.one(json('POST', `${this.url}/openapi/export`, body), expectStatus(200, isWhole));
    if (this.model.moving >= MAX_MOVING) return;
    let id = '';
    const took = ({ task_id }) => {
      id = task_id;
    };
    await this.one(json('POST', `${this.url}/openapi/async-export`, body), expectStatus(202, took));
    this.model.add(id, 'export_api', 'time', ({ Comment }) => isWhole(JSON.parse(Comment)));
  }

  async counted() {
    const [waiting, processing] = [1 + this.draw(40), 1 + this.draw(40)];
    const plan = { mode: 'polls', waiting_polls: waiting, processing_polls: processing };
    const task = await this.create('hand', plan);
    const total = waiting + processing + 5;
    await this.line.send(this.poll(task).repeat(total), total, (response, at) => {
      const state = at < waiting ? 'waiting' : at < waiting + processing ? 'processing' : 'succeed';
      return judgePoll(task, response, state);
    });
    this.model.enter(task, 'succeed');
  }

  async stepped() {
    const task = await this.create('hand', { mode: 'manual' });
    for (const state of ['waiting', 'processing', 'succeed']) {
      if (state !== 'waiting') {
        await this.one(json('POST', `/__admin/tasks/${task.id}/step`, {}), expectStatus(200));
        this.model.enter(task, state);
      }
      await this.line.send(this.poll(task).repeat(20), 20, (response) => judgePoll(task, response));
    }
    await this.one(plain('GET', `/__admin/tasks/${task.id}/wait`), expectStatus(200));
  }

  async fault() {
    const task = this.model.tasks[this.draw(Math.max(this.model.tasks.length, 1))];
    if (task === undefined) return;
    const action = { type: 'error', status: 503, error_code: 'APIG.9998', error_msg: 'soak' };
    const fault = { project_id: this.project, operation: 'ShowAsyncTaskResult', times: 3, action };
    await this.one(json('POST', '/__admin/faults', fault), expectStatus(201));
    const matched = rejects(503, 'APIG.9998');
    await this.line.send(this.poll(task).repeat(8), 8, (response, at) =>
      at < 3 ? matched(response) : judgePoll(task, response),
    );
    await this.one(json('DELETE', `/__admin/faults?project_id=${this.project}`, ''), expectStatus(204));
  }

  async plan() {
    const rule = { project_id: this.project, times: 2, plan: { mode: 'immediate' } };
    await this.one(json('PUT', '/__admin/plan', rule), expectStatus(200));
    for (let at = 0; at < 2; at += 1) {
      const task = await this.create('hand');
      this.model.enter(task, 'succeed');
      await this.line.send(this.poll(task).repeat(10), 10, (response) => judgePoll(task, response));
    }
    await this.timed();
  }

  async journal() {
    const task = this.model.tasks[0];
    if (task === undefined) return;
    const count = 1 + this.draw(900);
    await this.one(json('DELETE', `/__admin/requests?project_id=${this.project}`, ''), expectStatus(204));
    await this.line.send(this.poll(task).repeat(count), count, (response) => judgePoll(task, response));
    const filter = { project_id: this.project, operation: 'ShowAsyncTaskResult', status: 200 };
    const counted = expectStatus(200, (body) => (body.count === count ? undefined : `must count ${count}`));
    await this.one(json('POST', '/__admin/requests/count', filter), counted);
    const inOrder = expectStatus(200, ({ requests, total }) =>
      total === count && requests.every(({ id }, at) => at === 0 || id > requests[at - 1].id)
        ? undefined
        : `must be ${count}, in order`,
    );
    await this.one(plain('GET', `/__admin/requests?project_id=${this.project}&limit=20`), inOrder);
  }

  async rejections() {
    const stranger = 'host: localhost\r\nx-auth-token: nobody\r\n';
    const tasks = `${this.url}/async-tasks`;
    await this.one(plain('GET', `${tasks}/a`, stranger), rejects(401, 'APIG.1002'));
    await this.one(plain('GET', `${tasks}/unknown`), rejects(404, 'APIG.3093'));
    await this.one(plain('GET', '/nowhere'), rejects(404, 'APIG.0101'));
    await this.one(plain('DELETE', `${tasks}/a`), rejects(405, 'APIG.0101'));
    await this.one(plain('GET', '/__admin/clock/?', stranger), rejects(404, 'APIG.0101'));
  }

  /** Sees a task end on the stream of events. */
  async watch() {
    let task;
    const seen = await watchOneTask(this.port, async () => {
      task = await this.create('hand', { mode: 'immediate' });
      return task.id;
    });
    if (!seen) throw new WrongResponse(`the stream of events did not report the end of ${task.id}`);
    this.model.enter(task, 'succeed');
  }

  async reset() {
    const [task] = this.model.tasks;
    await this.begin();
    await this.one(this.poll(task), rejects(404, 'APIG.3093'));
  }
}
