/** The connection, the scope and the model of one client. */
import { Line } from './line.js';
import { Model } from './model.js';
import { expectStatus, json, plain } from './requests.js';

export class Caller {
  port;
  project;
  line;
  model = new Model();
  groups = [];
  count = 0;
  seed;
  closedResponses = 0;

  constructor(port, name, seed) {
    this.port = port;
    this.project = name;
    this.seed = seed;
    this.line = new Line(port);
  }

  get responses() {
    return this.closedResponses + this.line.responses;
  }

  get url() {
    return `/v2/${this.project}/apigw/instances/i1`;
  }

  /** A number from 0 to `below` - 1: the same seed does the same things. */
  draw(below) {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * below);
  }

  one(bytes, check) {
    return this.line.send(bytes, 1, check);
  }

  async begin() {
    await this.one(json('POST', '/__admin/reset', { project_id: this.project }), expectStatus(204));
    await this.one(
      json('PUT', '/__admin/clock', { project_id: this.project, mode: 'manual' }),
      expectStatus(200),
    );
    this.model = new Model();
    this.groups = [];
  }

  close() {
    this.line.close();
  }

  poll = (task, query = '') => plain('GET', `${this.url}/async-tasks/${task.id}${query}`);

  /** A new task by a control call. */
  async create(kind, plan) {
    this.count += 1;
    const id = `${this.project}-${this.count}`;
    const type = this.count % 2 === 0 ? 'import_api' : 'export_api';
    const body = {
      project_id: this.project,
      instance_id: 'i1',
      task_type: type,
      task_id: id,
      ...(plan && { plan }),
    };
    await this.one(json('POST', '/__admin/tasks', body), expectStatus(201));
    return this.model.add(id, type, kind);
  }

  async reconnect() {
    this.closedResponses += this.line.responses;
    this.line.close();
    this.line = new Line(this.port);
    await this.one(plain('GET', '/__admin/health'), expectStatus(200));
  }
}
