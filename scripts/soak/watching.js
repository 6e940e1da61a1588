/** Reads the stream of events on a connection of its own, and lets go of it. */
import { get } from 'node:http';

const WITHIN_MS = 10_000;

/** Whether the end of the task that `act` makes comes on the stream. */
export function watchOneTask(port, act) {
  return new Promise((resolve, reject) => {
    let text = '';
    let id;
    const end = (seen) => {
      clearTimeout(timer);
      request.destroy();
      resolve(seen);
    };
    // The stream has the tasks of every client: it must be one event that has both.
    const look = () => {
      const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data));
      if (id !== undefined && events.some(({ task_id, to }) => task_id === id && to === 'succeed')) end(true);
    };
    const timer = setTimeout(() => end(false), WITHIN_MS);
    const request = get({ port, host: '127.0.0.1', path: '/__admin/events', agent: false }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
        look();
      });
      response.on('error', () => {});
      act().then((made) => {
        id = made;
        look();
      }, reject);
    });
    request.on('error', (cause) => (id === undefined ? reject(cause) : undefined));
  });
}
