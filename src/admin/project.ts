/** The handle of one project: the calls of the mock, each bound to it. */
import { createIdSources } from '../core/ids.ts';
import type * as Api from './api.ts';
import type {
  ApiCalls,
  ClockCalls,
  FaultCalls,
  GroupCalls,
  MockCalls,
  PlanCalls,
  RequestCalls,
  TaskCalls,
  TokenCalls,
} from './calls.ts';

/** One project of a mock. Its tasks, clock, faults and journal are its own, so tests with a project each never meet. */
export interface Project {
  /** The project id. */
  readonly id: string;
  /** Where its part of the emulated API begins: `<endpoint>/v2/<id>`, to be followed by `/apigw/instances/…`. */
  readonly url: string;
  /** The mock's address, for clients that take an endpoint and a project id. */
  readonly endpoint: string;
  /** A token that is accepted for it. */
  readonly token: string;
  /** `create` takes the instance `i1` where none is named. */
  readonly tasks: TaskCalls<Api.InProject, Api.InProject>;
  readonly plans: PlanCalls<Api.InProject>;
  /** The project's own clock, from the first change on; until then, the main one. */
  readonly clock: ClockCalls<Api.InProject>;
  readonly faults: FaultCalls<Api.InProject>;
  readonly requests: RequestCalls<Api.InProject>;
  readonly tokens: TokenCalls<unknown>;
  readonly groups: GroupCalls<Api.InProject>;
  readonly apis: ApiCalls<Api.InProject>;
  /** Waits until no task of it is unfinished; rejects with 408 in time, with 409 when one never will end. */
  idle(request?: Api.Patience & Api.InProject): Promise<void>;
  /** Resets it to the state at start-up, or some parts of it. */
  reset(request?: Api.ResetParts & Api.InProject): Promise<void>;
}

/** The instance of tasks that are created without one. */
const DEFAULT_INSTANCE = 'i1';

const ids = createIdSources(undefined).of('project');

/** Makes the handle of a project; without an id, of one that nobody else has. */
export function projectOf(
  mock: MockCalls & { readonly url: string; readonly token: string },
  id: string = ids.next(),
): Project {
  const here = { projectId: id };
  const at = <Request extends object>(request?: Request) => ({ ...request, ...here });
  const { tasks, plans, clock, faults, requests, tokens, groups, apis } = mock;
  return {
    id,
    url: `${mock.url}/v2/${encodeURIComponent(id)}`,
    endpoint: mock.url,
    token: mock.token,
    tasks: {
      create: (request) =>
        tasks.create({ ...request, ...here, instanceId: request.instanceId ?? DEFAULT_INSTANCE }),
      list: (filter) => tasks.list(at(filter)),
      get: (taskId, scope) => tasks.get(taskId, at(scope)),
      step: (taskId, scope) => tasks.step(taskId, at(scope)),
      wait: (taskId, request) => tasks.wait(taskId, at(request)),
    },
    plans: {
      set: (request) => plans.set({ ...request, ...here }),
      list: (scope) => plans.list(at(scope)),
      clear: (scope) => plans.clear(at(scope)),
    },
    clock: {
      get: (scope) => clock.get(at(scope)),
      set: (request) => clock.set({ ...request, ...here }),
      freeze: (scope) => clock.freeze(at(scope)),
      resume: (scope) => clock.resume(at(scope)),
      advance: (ms, scope) => clock.advance(ms, at(scope)),
    },
    faults: {
      add: (request) => faults.add({ ...request, ...here }),
      list: (scope) => faults.list(at(scope)),
      remove: (faultId) => faults.remove(faultId),
      clear: (scope) => faults.clear(at(scope)),
      assertAllUsed: (scope) => faults.assertAllUsed(at(scope)),
    },
    requests: {
      list: (query) => requests.list(at(query)),
      count: (filter) => requests.count(at(filter)),
      verify: (expectation) => requests.verify({ ...expectation, ...here }),
      clear: (scope) => requests.clear(at(scope)),
    },
    tokens: {
      issue: (request) => tokens.issue({ ...request, project: id }),
      expire: (token) => tokens.expire(token),
    },
    groups: {
      list: (filter) => groups.list(at(filter)),
      get: (groupId, scope) => groups.get(groupId, at(scope)),
      delete: (groupId, scope) => groups.delete(groupId, at(scope)),
    },
    apis: { list: (filter) => apis.list(at(filter)) },
    idle: (request) => mock.idle(at(request)),
    reset: (request) => mock.reset(at(request)),
  };
}
