/** What a client knows of its tasks: the state each must be in, so that every poll has one right response. */
export const WAITING_MS = 100;
export const PROCESSING_MS = 300;

const ORDER = { waiting: 0, processing: 1, succeed: 2, failed: 2 };

export class Model {
  nowMs = 0;
  tasks = [];

  /** `plan`: 'time' moves with the clock, 'hand' when `enter` is called. `look` checks the result of the end. */
  add(id, type, plan, look) {
    const task = { id, type, plan, look, status: 'waiting', createdMs: this.nowMs, ended: undefined };
    this.tasks.push(task);
    return task;
  }

  get moving() {
    return this.tasks.filter((task) => task.plan === 'time' && ORDER[task.status] < 2).length;
  }

  enter(task, status) {
    if (ORDER[status] < ORDER[task.status]) throw new Error(`the model of ${task.id} goes back`);
    task.status = status;
  }

  advance(ms) {
    this.nowMs += ms;
    for (const task of this.tasks) {
      if (task.plan !== 'time') continue;
      const ageMs = this.nowMs - task.createdMs;
      if (ageMs >= WAITING_MS + PROCESSING_MS) this.enter(task, 'succeed');
      else if (ageMs >= WAITING_MS) this.enter(task, 'processing');
    }
  }
}

/** What is wrong with the response to a poll of this task, to the byte; the first one of an end is parsed. */
export function judgePoll(task, { status, body }, state = task.status) {
  if (status !== 200) return 'must be 200';
  if (state !== 'succeed') {
    const text = `{"task_id":"${task.id}","task_status":"${state}","task_type":"${task.type}","task_result":""}`;
    return body === text ? undefined : `must be ${text}`;
  }
  if (task.ended !== undefined) return body === task.ended ? undefined : `must be as before: ${task.ended}`;
  const begin = `{"task_id":"${task.id}","task_status":"succeed","task_type":"${task.type}","task_result":"`;
  if (!body.startsWith(begin)) return `must begin with ${begin}`;
  let result;
  try {
    result = JSON.parse(JSON.parse(body).task_result);
  } catch {
    return 'must hold a result in JSON';
  }
  const wrong = task.look?.(result);
  if (wrong === undefined) task.ended = body;
  return wrong;
}
