/** The limit: Node's own server with the body ready. */
import { createServer } from 'node:http';
import { NOT_FOUND, RESPONSE, TASK_ID, UNAUTHORIZED } from '../job.js';

const ready = (status, body) => ({ status, text: JSON.stringify(body) });
const ok = ready(200, RESPONSE);
const notFound = ready(404, NOT_FOUND);
const unauthorized = ready(401, UNAUTHORIZED);

const server = createServer((request, response) => {
  const known = request.url.endsWith(`/async-tasks/${TASK_ID}`);
  const { status, text } =
    request.headers['x-auth-token'] === undefined ? unauthorized : known ? ok : notFound;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
