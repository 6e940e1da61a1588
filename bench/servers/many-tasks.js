/** The mock with so many ended tasks in one instance; it serves polls once all of them are there. */
import { endedTask } from '../tasks.js';

const [, , module, count] = process.argv;
const tasks = Number(count);
const { startApigMock } = await import(module);
const mock = await startApigMock({ port: Number(process.env.PORT ?? 0), maxTasks: tasks });
for (let at = 0; at < tasks; at += 1) await mock.tasks.create(endedTask(at));
