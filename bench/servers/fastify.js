/** The yardstick: one bare Fastify route with a response schema. `--log` adds its logger, written to /dev/null. */
import Fastify from 'fastify';
import { NOT_FOUND, RESPONSE, TASK_ID, UNAUTHORIZED } from '../job.js';

const logger = process.argv.includes('--log') ? { level: 'info', file: '/dev/null' } : false;
const text = { type: 'string' };
const app = Fastify({ logger });

app.get(
  '/v2/:project_id/apigw/instances/:instance_id/async-tasks/:task_id',
  {
    schema: {
      response: {
        200: {
          type: 'object',
          properties: { task_id: text, task_status: text, task_type: text, task_result: text },
        },
      },
    },
  },
  (request, reply) => {
    if (request.headers['x-auth-token'] === undefined) return reply.code(401).send(UNAUTHORIZED);
    if (request.params.task_id !== TASK_ID) return reply.code(404).send(NOT_FOUND);
    return reply.send(RESPONSE);
  },
);

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
process.stdout.write(`listening on ${app.server.address().port}\n`);
