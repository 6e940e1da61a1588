/** With Node's own test runner: a task is driven by the clock and polled, each test in a project of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApigMock } from 'apig-mock';

let mock;
before(async () => {
  mock = await startApigMock();
});
after(() => mock.close());

test('a client polls until the end', async () => {
  const place = { project_id: 'project-of-this-test', instance_id: 'i1' };
  await mock.clock.freeze(place);
  const { task_id } = await mock.tasks.create({ ...place, task_type: 'import_api' });
  const poll = async () => {
    const url = `${mock.url}/v2/${place.project_id}/apigw/instances/i1/async-tasks/${task_id}`;
    const response = await fetch(url, { headers: { 'x-auth-token': mock.token } });
    return (await response.json()).task_status;
  };

  assert.equal(await poll(), 'waiting');
  await mock.clock.advance(500, place);
  assert.equal(await poll(), 'processing');
  await mock.clock.advance(1500, place);
  assert.equal(await poll(), 'succeed');
  await mock.requests.verify({ ...place, operation: 'ShowAsyncTaskResult', exactly: 3 });
});
