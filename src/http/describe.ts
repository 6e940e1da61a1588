/**
 * The OpenAPI description of every route, made when it is first asked for: the routes were noted as plain data,
 * and a second application, which never listens, hands them to the describer.
 */
import type { FastifySchema } from 'fastify';
import { ANSWER_HEADERS, documentFrame, documentRoute } from '../dashboard/description/document.ts';
import { type Described, finish } from '../dashboard/description/finish.ts';
import { ownCompilers } from './validation.ts';

/** A route as it was registered. */
export interface RouteNote {
  readonly method: string | string[];
  readonly url: string;
  readonly schema: FastifySchema | undefined;
}

/** Makes the description. */
export async function describeRoutes(notes: readonly RouteNote[], version: string): Promise<object> {
  const [{ default: Fastify }, { default: swagger }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
  ]);
  const app = Fastify({ schemaController: ownCompilers, exposeHeadRoutes: false });
  await app.register(swagger, { openapi: documentFrame(version), convertConstToEnum: true });
  for (const { method, url, schema } of notes) {
    for (const one of [method].flat()) {
      if (one === 'HEAD' || one === 'OPTIONS') continue;
      const documented = documentRoute({ method: one, url, schema: schema ?? {} });
      app.route({ method: one, url, schema: documented, handler: () => undefined });
    }
  }
  await app.ready();
  const description = app.swagger() as unknown as Described;
  await app.close();
  return finish(description, ANSWER_HEADERS);
}
