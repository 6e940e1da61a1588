/** What the OpenAPI description says beside the schemas of the routes. */
import type { FastifySchema } from 'fastify';

/** A route to be described. */
export interface DescribedRoute {
  readonly method: string;
  readonly url: string;
  readonly schema: FastifySchema;
  readonly operation: string | undefined;
}

/** The frame of the document. */
export const documentFrame = (version: string) => ({
  openapi: '3.1.0',
  info: { title: 'apig-mock', version },
});

/** A route's schema with what there is to say about it. */
export const documentRoute = ({ schema, operation }: DescribedRoute): FastifySchema => ({
  ...schema,
  ...(operation === undefined ? {} : { operationId: operation, tags: ['all'] }),
});
