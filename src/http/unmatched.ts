/**
 * Requests that no route takes: 501 for an operation that only the service has, 405 where the path is known under another
 * method, else 404 with the nearest route.
 */
import { type ApigError, errors } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';

const ADMIN = '/__admin/';
/** What an import does as well. */
const MAKES_APIS = /^(?:Create|Update)ApiV2$/;

interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly pattern: RegExp;
}

/** All routes of the app, noted as they are added; looked at only when a request found none. */
export class KnownRoutes {
  readonly #routes: KnownRoute[] = [];

  note(method: string | string[], url: string): void {
    const source = url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:[A-Za-z_]+/g, '[^/]*');
    for (const one of [method].flat())
      this.#routes.push({ method: one, url, pattern: new RegExp(`^${source}$`) });
  }

  /** The error for a request that found no route. */
  async errorFor(method: string, target: string): Promise<ApigError> {
    const path = target.split('?', 1)[0] ?? '';
    const { serviceOperation } = await import('../gateway/service-operations.ts');
    const operation = serviceOperation(method, path);
    if (operation !== undefined) return errors.notEmulated(operation, { reason: this.#insteadOf(operation) });
    const here = this.#routes.filter((route) => route.pattern.test(path)).map((route) => route.method);
    if (here.length > 0) {
      const allow = [...new Set(here)].sort().join(', ');
      return errors.methodNotAllowed({
        headers: { allow },
        reason: `${method} is not allowed here; allowed: ${allow}`,
      });
    }
    return errors.routeNotFound({ reason: `no route ${method} ${path}${this.#advice(path)}` });
  }

  /** What to do about an operation that only the service has. */
  #insteadOf(operation: string): string {
    const instead = MAKES_APIS.test(operation)
      ? 'import an OpenAPI file, POST …/openapi/async-import'
      : 'call the service itself, or stub the call in the client';
    const docs = this.#routes.some(({ url }) => url === `${ADMIN}docs`)
      ? `; what it emulates: ${ADMIN}docs`
      : '';
    return `this mock does not emulate ${operation}: ${instead}${docs}`;
  }

  /** Where to look instead. */
  #advice(path: string): string {
    const calls = this.#routes
      .filter(({ url }) => url.startsWith(ADMIN))
      .map(({ url }) => url.slice(ADMIN.length));
    if (path.startsWith(ADMIN) && calls.length > 0) {
      const near = nearestOf(path.slice(ADMIN.length), calls);
      return `${near === undefined ? '' : `; did you mean ${ADMIN}${near}?`}; every call is described at ${ADMIN}docs`;
    }
    const nearest = this.#nearest(path);
    return nearest === undefined ? '' : `; nearest: ${nearest}`;
  }

  /** The route that shares most leading and trailing steps with a path. */
  #nearest(path: string): string | undefined {
    const steps = path.split('/').slice(0, 32);
    let best: { score: number; text: string } | undefined;
    for (const { method, url } of this.#routes) {
      if (method === 'HEAD') continue;
      const score = likeness(steps, url.split('/'));
      if (score > (best?.score ?? 1)) best = { score, text: `${method} ${url}` };
    }
    return best?.text;
  }
}

function likeness(given: readonly string[], known: readonly string[]): number {
  let score = 0;
  for (const [at, step] of known.entries()) {
    if (step === '' || given[at] === undefined) continue;
    if (step === given[at]) score += 2;
    else if (step.startsWith(':') && given[at] !== '') score += 1;
  }
  return score - Math.abs(given.length - known.length) * 0.5;
}
