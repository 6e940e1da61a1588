import { describe, expect, it } from 'vitest';
import { readBody } from '../../../src/gateway/openapi/body.ts';
import type { Json, JsonObject } from '../../../src/gateway/openapi/json.ts';
import { referencesOf } from '../../../src/gateway/openapi/refs.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json, rest: JsonObject = {}): JsonObject => ({
  content: { 'application/json': { schema } },
  ...rest,
});
const read = (requestBody: Json, components: JsonObject = {}) =>
  readBody({ requestBody }, referencesOf({ components }));

describe('the body of a request', () => {
  it('is stored as it was written, by code unit', () => {
    const body = json({ type: 'object', example: '' }, { required: true, description: 'd' });
    expect(read(body)).toEqual(body);
    expect(Object.keys(read(body) ?? {})).toEqual(['content', 'description', 'required']);
  });

  it('is none where the operation has none', () => {
    expect(readBody({}, referencesOf({}))).toBeUndefined();
    expect(read(null)).toBeUndefined();
  });

  it.each([[[]], ['text'], [7]])('that is no mapping rejects the document: %j', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'APIG.3602' }));
  });

  it('has its references written out', () => {
    const schemas: JsonObject = {
      Order: { type: 'object', properties: { lines: { type: 'array', items: ref('Line') } } },
      Line: { type: 'object', properties: { count: { type: 'integer' } } },
    };
    expect(read(json(ref('Order')), { schemas })).toEqual(
      json({
        type: 'object',
        properties: {
          lines: { type: 'array', items: { type: 'object', properties: { count: { type: 'integer' } } } },
        },
      }),
    );
    const requestBodies = { Order: json(ref('Line')) };
    expect(read({ $ref: '#/components/requestBodies/Order' }, { schemas, requestBodies })).toEqual(
      json(schemas['Line'] ?? null),
    );
  });

  it.each<[string, JsonObject]>([
    ['that leads nowhere', {}],
    ['that leads out of the file', { Node: { $ref: 'https://example.com/node.yaml' } }],
    ['that leads to itself', { Node: ref('Node') }],
    ['to more than a body may have', { Node: { type: 'object', description: 'x'.repeat(20_500) } }],
  ])('has any object for a reference %s', (_what, schemas) => {
    expect(read(json(ref('Node')), { schemas })).toEqual(json({ type: 'object' }));
  });

  it('has any object where a schema contains itself', () => {
    const Tree = { type: 'object', properties: { left: ref('Tree'), name: { type: 'string' } } };
    expect(read(json(ref('Tree')), { schemas: { Tree } })).toEqual(
      json({ type: 'object', properties: { left: { type: 'object' }, name: { type: 'string' } } }),
    );
  });

  it('keeps its own members at any length, and any body for a reference to more', () => {
    const long = json({ type: 'string', example: 'x'.repeat(100_000) });
    expect(read(long)).toEqual(long);
    expect(read({ $ref: '#/components/requestBodies/Long' }, { requestBodies: { Long: long } })).toEqual(
      json({ example: '', type: 'object' }),
    );
  });

  it('takes references that double a hundred times at the cost of one body', () => {
    const schemas: JsonObject = { S100: { type: 'string' } };
    for (let at = 0; at < 100; at += 1)
      schemas[`S${at}`] = { properties: { a: ref(`S${at + 1}`), b: ref(`S${at + 1}`) } };
    expect(read(json(ref('S0')), { schemas })).toEqual(json({ type: 'object' }));
  });

  it('takes references as deep as a chain of them goes', () => {
    const schemas: JsonObject = { S500: { type: 'string' } };
    for (let at = 0; at < 500; at += 1) schemas[`S${at}`] = { items: ref(`S${at + 1}`) };
    const text = JSON.stringify(read(json(ref('S0')), { schemas }));
    expect(text).toMatch(/"items":\{"type":"object"\}/);
  });
});
