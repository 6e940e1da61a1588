import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMPTY_INSTANCE } from '../../src/gateway/model.ts';
import { createApiStore } from '../../src/gateway/store.ts';
import { exportText, importText } from './harness.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/openapi/${name}`, import.meta.url));
const orders = importText(fixture('http-orders.yaml'));
const guarded = importText(fixture('policies.yaml'));

describe('the store', () => {
  it('has the empty instance for every scope nobody has written to, and keeps none of them', () => {
    const store = createApiStore();
    expect(store.get('p/i')).toBe(EMPTY_INSTANCE);
    store.commit('p/i', EMPTY_INSTANCE);
    expect(store.snapshot()).toEqual({ scopes: [] });
  });

  it('keeps scopes apart, resets an instance, a project or all', () => {
    const store = createApiStore();
    const left = () => ['p/one', 'p/two', 'q/one'].filter((key) => store.get(key) !== EMPTY_INSTANCE);
    const fill = () => {
      for (const key of ['p/one', 'p/two', 'q/one']) store.commit(key, orders.state);
    };
    fill();
    store.reset({ projectId: 'p', instanceId: 'one' });
    expect(left()).toEqual(['p/two', 'q/one']);
    store.reset({ projectId: 'p' });
    expect(left()).toEqual(['q/one']);
    fill();
    store.reset();
    expect(left()).toEqual([]);
  });

  it('comes back from its snapshot as it was, through JSON', () => {
    const store = createApiStore();
    store.commit('a', orders.state);
    store.commit('b', guarded.state);
    const text = JSON.stringify(store.snapshot());
    const other = createApiStore();
    other.restore(JSON.parse(text));
    expect(other.get('a')).toEqual(orders.state);
    expect(JSON.stringify(other.snapshot())).toBe(text);
    expect(exportText(other.get('b'), guarded.report.group_id)).toBe(
      exportText(guarded.state, guarded.report.group_id),
    );
  });

  it('keeps what runs apart from what was imported since', () => {
    const fields = { is_create_group: false, group_id: orders.report.group_id, api_mode: 'override' };
    const renamed = fixture('http-orders.yaml').toString().replace('list-orders', 'list-more');
    const { state } = importText(renamed, fields, { state: orders.state, autoPublish: false });
    const store = createApiStore();
    store.commit('a', state);
    const other = createApiStore();
    other.restore(JSON.parse(JSON.stringify(store.snapshot())));
    expect(other.get('a')).toEqual(state);
  });

  it.each([
    null,
    {},
    { scopes: {} },
    { scopes: [1] },
    { scopes: [{ scope: 'a' }] },
    { scopes: [{ scope: 'a', instance: { groups: [{}], environments: [], policies: [] } }] },
    { scopes: [{ scope: 'a', instance: { groups: [], environments: [{}], policies: [] } }] },
  ])('rejects a snapshot that is none, and changes nothing: %j', (snapshot) => {
    const store = createApiStore();
    store.commit('a', orders.state);
    expect(() => store.restore(snapshot)).toThrow(expect.objectContaining({ code: 'APIG.2012' }));
    expect(store.get('a')).toBe(orders.state);
  });
});
