/** The pages and the description, as a table. Nothing here is loaded before it is requested. */
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

export const pageOperations = [
  operation({
    ...page,
    id: 'toDashboard',
    path: '/__admin',
    summary: 'Redirects to the dashboard',
    status: 302,
    responseHeaders: {
      Location: {
        description: 'the dashboard',
        required: true,
        schema: { type: 'string', pattern: '^/__admin/$' },
      },
    },
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
