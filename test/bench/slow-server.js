/** A server that does the job of the benchmark with a third of a millisecond of idle work on each poll. */
import { createServer } from 'node:http';
import { RESPONSE } from '../../bench/job.js';

const BUSY_MS = 0.3;
const text = JSON.stringify(RESPONSE);

createServer((_request, response) => {
  const endMs = performance.now() + BUSY_MS;
  while (performance.now() < endMs);
  response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
  response.end(text);
}).listen(Number(process.env.PORT), '127.0.0.1');
