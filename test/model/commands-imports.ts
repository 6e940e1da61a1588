/** Imports and exports, one by one and at once, and the lists of groups and APIs. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { takeId } from './check.ts';
import { commandOf, pickOf, placeOf } from './command.ts';
import { checkResponse } from './commands-polls.ts';
import { FILES, type ImportFile } from './files.ts';
import type { Model } from './model.ts';
import { type Group, isIn, type Kind, keyOf, type ModelTask, type Place } from './model-state.ts';
import type { Work } from './model-traffic.ts';
import { formOf, type Got, instancePath, type Real } from './real.ts';

const NOBODY = 'f'.repeat(32);

type Target = 'new' | 'group' | 'elsewhere' | 'unknown';

/** The id of a group of this place, of another, or of none. */
function groupIdOf(model: Model, place: Place, { target, pick }: { target: Target; pick: number }) {
  if (target === 'new') return undefined;
  const isWanted = (group: Group): boolean =>
    target === 'group' ? isIn(group.place, place) : !isIn(group.place, place);
  const wanted = target === 'unknown' ? [] : model.state.groups.filter(isWanted);
  return pickOf(wanted, pick)?.id ?? NOBODY;
}

/** The task that a request has made, as both know it; the plan is taken at once, as the mock does. */
function putTask(
  model: Model,
  got: Got,
  spec: { place: Place; type: Kind; work: NonNullable<ModelTask['work']> },
): Work {
  const plan = model.takePlan(spec.place, spec.type);
  const id = got.status === 202 && got.text !== '' ? bodyId(got.text) : undefined;
  // A response that a fault has corrupted still stands for a task: its id is read elsewhere.
  model.pending = (known) => {
    model.put({ ...spec, plan, id: takeId(model, known) });
  };
  if (id !== undefined) model.settlePending(id);
  return { status: 202 };
}

function bodyId(text: string): string | undefined {
  try {
    return JSON.parse(text).task_id;
  } catch {
    return undefined;
  }
}

/** The response was lost on its way, the task was not: it is the newest of its place. */
async function findLost(model: Model, real: Real, place: Place): Promise<void> {
  if (model.pending === undefined) return;
  const { tasks } = await real.control.tasks.list({ ...place, limit: 1000 });
  model.settlePending(tasks.at(-1)?.task_id ?? '');
}

interface ImportArgs {
  readonly at: number;
  readonly file: number;
  readonly target: Target;
  readonly pick: number;
  readonly mode: 'merge' | 'override';
  readonly tokenIsGood: boolean;
}

function sendImport(
  real: Real,
  place: Place,
  how: { file: ImportFile; groupId?: string; mode: string; token?: string },
) {
  const fields = {
    is_create_group: how.groupId === undefined ? 'true' : 'false',
    group_id: how.groupId,
    api_mode: how.mode,
  };
  return real.send({
    method: 'POST',
    path: `${instancePath(place)}/openapi/async-import`,
    ...formOf(fields, how.file.text),
    ...(how.token === undefined ? {} : { token: how.token }),
  });
}

const importFile = commandOf<ImportArgs>('import', {
  async run(model, real, args) {
    const place = placeOf(args.at);
    const file = pickOf(FILES, args.file) as ImportFile;
    const groupId = groupIdOf(model, place, args);
    const group = groupId === undefined ? {} : { groupId };
    const token = args.tokenIsGood ? {} : { token: 'nonsense' };
    const got = await sendImport(real, place, { file, ...group, mode: args.mode, ...token });
    const sent = { operation: 'ImportApiDefinitionsAsync', place, tokenIsGood: args.tokenIsGood };
    const expected = model.traffic.expect(model.state, sent, () => {
      if (file.atOnce !== undefined) return { status: 400, code: file.atOnce };
      return putTask(model, got, {
        place,
        type: 'import_api',
        work: { import: { file, ...group, mode: args.mode } },
      });
    });
    await findLost(model, real, place);
    checkResponse(got, expected);
  },
});

/** Nothing may decide by itself which of several is first: no fault, no end at once. */
const mayRace = (model: Model, place: Place): boolean => {
  const rules = structuredClone(model.state.rules);
  const plan = model.takePlan(place, 'import_api');
  model.state.rules = rules;
  return plan.mode === 'time' && plan.waiting_ms > 0 && model.state.faults.length === 0 && rules.length === 0;
};

const importAtOnce = commandOf<{ at: number; files: readonly number[] }>('importAtOnce', {
  when: (model, { at }) => mayRace(model, placeOf(at)),
  async run(model, real, { at, files }) {
    const place = placeOf(at);
    const chosen = files
      .map((file) => pickOf(FILES, file) as ImportFile)
      .filter(({ atOnce }) => atOnce === undefined);
    const got = await Promise.all(chosen.map((file) => sendImport(real, place, { file, mode: 'merge' })));
    const ids = got.map(({ text }) => bodyId(text) ?? '');
    const { tasks } = await real.control.tasks.list({ ...place, limit: 1000 });
    // Which came first is not specified, but it is shown.
    const inOrder = tasks.map(({ task_id }) => task_id).filter((id) => ids.includes(id));
    expect(inOrder).toHaveLength(chosen.length);
    for (const id of inOrder) {
      const file = chosen[ids.indexOf(id)] as ImportFile;
      const sent = { operation: 'ImportApiDefinitionsAsync', place, tokenIsGood: true };
      const work = { import: { file, mode: 'merge' as const } };
      model.traffic.expect(model.state, sent, () =>
        putTask(
          model,
          { status: 202, text: JSON.stringify({ task_id: id }) },
          { place, type: 'import_api', work },
        ),
      );
    }
  },
});

interface ExportArgs {
  readonly at: number;
  readonly target: 'group' | 'elsewhere' | 'unknown';
  readonly pick: number;
  readonly define: 'all' | 'spec' | 'dev';
  readonly type: 'json' | 'yaml';
  readonly version?: string | undefined;
}

const exportGroup = commandOf<ExportArgs>('export', {
  async run(model, real, { at, target, pick, define, type, version }) {
    const place = placeOf(at);
    const groupId = groupIdOf(model, place, { target, pick }) ?? NOBODY;
    const body = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: groupId, define, type, version };
    const got = await real.send({
      method: 'POST',
      path: `${instancePath(place)}/openapi/async-export`,
      type: 'application/json',
      body: JSON.stringify(body),
    });
    const sent = { operation: 'ExportApiDefinitionsAsync', place, tokenIsGood: true };
    const groupName = model.state.groups.find(
      (group) => group.id === groupId && keyOf(group.place) === keyOf(place),
    )?.name;
    const work = {
      export: {
        ...{ groupId, define, type },
        ...(groupName === undefined ? {} : { groupName }),
        ...(version === undefined ? {} : { version }),
      },
    };
    const expected = model.traffic.expect(model.state, sent, () =>
      putTask(model, got, { place, type: 'export_api', work }),
    );
    await findLost(model, real, place);
    checkResponse(got, expected);
  },
});

/** The groups and APIs of a place are those that were imported there, no more and no fewer. */
async function checkLists(model: Model, real: Real, place: Place): Promise<void> {
  const ask = async (what: 'api-groups' | 'apis', operation: string) => {
    const got = await real.send({ method: 'GET', path: `${instancePath(place)}/${what}?limit=500` });
    const sent = { operation, place, tokenIsGood: true };
    const expected = model.traffic.expect(model.state, sent, () => ({ status: 200 }));
    checkResponse(got, expected);
    return expected.status === 200 && expected.spoilt !== true ? JSON.parse(got.text) : undefined;
  };
  const groups = model.state.groups.filter((group) => keyOf(group.place) === keyOf(place));
  const shown = await ask('api-groups', 'ListApiGroupsV2');
  if (shown !== undefined)
    expect(shown.groups.map(({ id, name }: Group) => ({ id, name }))).toEqual(
      groups.map(({ id, name }) => ({ id, name })),
    );
  const apis = await ask('apis', 'ListApisV2');
  if (apis === undefined) return;
  const byId = new Map(apis.apis.map((api: { id: string }) => [api.id, api]));
  const expected = groups.flatMap((group) => group.apis.map((api) => ({ api, group })));
  expect(byId.size).toBe(expected.length);
  for (const { api, group } of expected) {
    const found = byId.get(api.id) as Record<string, string> | undefined;
    if (api.name === undefined) expect(found?.['name']).toMatch(/^API_[a-z]{4}$/);
    api.name ??= found?.['name'] as string;
    expect(found).toMatchObject({
      name: api.name,
      req_method: api.method,
      req_uri: api.path,
      group_id: group.id,
    });
  }
}

const list = commandOf<{ at: number }>('list', {
  run: (model, real, { at }) => checkLists(model, real, placeOf(at)),
});

export async function listEverything(model: Model, real: Real): Promise<void> {
  for (const at of [0, 1, 2]) await checkLists(model, real, placeOf(at));
}

const at = fc.nat(2);
const pick = fc.nat(5);
/** The first files have titles and APIs in common. */
const file = fc.oneof(
  { weight: 3, arbitrary: fc.nat(3) },
  { weight: 2, arbitrary: fc.nat(FILES.length - 1) },
);
const mode = fc.constantFrom('merge' as const, 'override' as const);

export const imports = [
  fc
    .record({
      ...{ at, file, pick, mode },
      target: fc.constantFrom<Target[]>('new', 'new', 'group', 'group', 'elsewhere', 'unknown'),
      tokenIsGood: fc.constantFrom(true, true, true, true, false),
    })
    .map(importFile),
  fc.record({ at, files: fc.array(file, { minLength: 2, maxLength: 3 }) }).map(importAtOnce),
  fc
    .record({
      ...{ at, pick },
      target: fc.constantFrom('group' as const, 'group' as const, 'elsewhere' as const, 'unknown' as const),
      define: fc.constantFrom('all' as const, 'spec' as const, 'dev' as const),
      type: fc.constantFrom('json' as const, 'yaml' as const),
      version: fc.constantFrom(undefined, '1.0'),
    })
    .map(exportGroup),
  fc.record({ at }).map(list),
];
