/** The routes of the pages and of the description, as a table. Nothing here is loaded before it is asked for. */
import type { FastifyPluginAsync } from 'fastify';
import { GUARD_HEADERS, type GuardOptions, guard, guarded } from '../control/guard.ts';
import { once } from '../once.ts';
import { loadPage } from './pages.ts';

export interface DashboardRouteOptions extends GuardOptions {
  /** Makes the OpenAPI description of every route. */
  readonly describe: () => Promise<object>;
}

export const dashboardRoutes: FastifyPluginAsync<DashboardRouteOptions> = async (app, options) => {
  // The pages hold no data, so they come without the admin token; what they call does not.
  const open = { ...options, adminToken: undefined };
  app.addHook('onRequest', async ({ method, headers, routeOptions }, reply) => {
    reply.headers(GUARD_HEADERS);
    guard(guarded(method, headers), routeOptions.config.open === true ? open : options);
  });

  const page = { config: { operation: 'page', open: true } };
  app.get('/__admin', page, (_request, reply) => reply.redirect('/__admin/'));
  app.get('/__admin/', page, async (_request, reply) => {
    const { html, headers } = await loadPage('dashboard');
    return reply.headers(headers).send(html);
  });
  app.get('/__admin/docs', page, async (_request, reply) => {
    const { html, headers } = await loadPage('docs');
    return reply.headers(headers).send(html);
  });

  const description = once(options.describe);
  app.get('/__admin/openapi.json', { config: { operation: 'page' } }, () => description());
};
