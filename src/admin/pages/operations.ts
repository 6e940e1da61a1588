/** The pages and the description, as a table. Nothing here is loaded before it is requested. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../core/errors.ts';
import { declare, documented, foreignHost } from '../../core/operation.ts';
import { loadPage } from './assets.ts';

export interface PageCore {
  /** Makes the OpenAPI description of every route. */
  readonly description: () => Promise<object>;
}

const operation = declare<PageCore>();
// The pages hold no data, so they come without the admin token; what they call does not.
const page = {
  method: 'GET',
  tag: 'Pages',
  security: 'none',
  open: true,
  produces: 'text/html',
  errors: [foreignHost],
} as const;

const toDashboard = {
  status: 302,
  responseHeaders: {
    Location: {
      description: 'the dashboard',
      required: true,
      schema: { type: 'string', pattern: '^/__admin/$' },
    },
  },
} as const;

/** To the dashboard for a browser; anything else gets what a path without a route gets. */
function toPage({ method, headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (/\btext\/html\b/i.test(headers.accept ?? '')) return reply.redirect('/__admin/');
  throw errors.routeNotFound({ reason: `no route ${method} /; the page is at /__admin/` });
}

/** Outside of `/__admin`, whose guard would return another error than that of a path without a route. */
export const rootOperations = [
  declare<undefined>()({
    ...page,
    ...toDashboard,
    id: 'toPage',
    path: '/',
    summary: 'Redirects a browser (Accept: text/html) to the dashboard; anything else gets 404',
    errors: [documented(errors.routeNotFound())],
    handle: (request, _core, reply) => toPage(request, reply),
  }),
];

export const pageOperations = [
  operation({
    ...page,
    id: 'toDashboard',
    path: '/__admin',
    summary: 'Redirects to the dashboard',
    ...toDashboard,
    handle: (_request, _core, reply) => reply.redirect('/__admin/'),
  }),
  operation({
    ...page,
    id: 'dashboard',
    path: '/__admin/',
    summary: 'The dashboard',
    handle: async (_request, _core, reply) => {
      const { html, headers } = await loadPage('dashboard');
      return reply.headers(headers).send(html);
    },
  }),
  operation({
    ...page,
    id: 'docs',
    path: '/__admin/docs',
    summary: 'This description, to be read',
    handle: async (_request, _core, reply) => {
      const { html, headers } = await loadPage('docs');
      return reply.headers(headers).send(html);
    },
  }),
  operation({
    id: 'openapi',
    method: 'GET',
    path: '/__admin/openapi.json',
    tag: 'Pages',
    summary: 'This description',
    security: 'admin',
    produces: 'application/json',
    errors: [documented(errors.tokenInvalid()), foreignHost],
    handle: (_request, core) => core.description(),
  }),
];
