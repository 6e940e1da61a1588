import { describe, expect, it } from 'vitest';
import { importText } from '../harness.ts';
import { definitionOf, doc, doc3, op } from '../sources.ts';

describe('parameters', () => {
  const parameters = (list: object[], version = doc) =>
    definitionOf(importText(version({ paths: { '/a': { get: op({ parameters: list }) } } }))).parameters;

  it.each(['integer', 'long', 'float', 'double', 'number'])(
    'of type %s become numbers with their limits',
    (type) => {
      const source = {
        name: 'n',
        in: 'query',
        type,
        maximum: 9,
        minimum: 1,
        default: 5,
        enum: [1, 5],
        required: true,
        description: 'd',
        maxLength: 3,
      };
      expect(parameters([source])).toEqual([
        {
          name: 'n',
          in: 'query',
          type: 'number',
          required: true,
          description: 'd',
          limits: { default: 5, maximum: 9, minimum: 1, enum: [1, 5] },
          extensions: {},
        },
      ]);
    },
  );

  it('of type string keep the limits of strings', () => {
    const source = {
      name: 's',
      in: 'header',
      type: 'string',
      maxLength: 9,
      minLength: 1,
      default: 'x',
      enum: ['x'],
      maximum: 3,
    };
    expect(parameters([source])[0]?.limits).toEqual({
      default: 'x',
      maxLength: 9,
      minLength: 1,
      enum: ['x'],
    });
  });

  it('of any other type keep none', () => {
    expect(
      parameters([{ name: 'b', in: 'query', type: 'boolean', default: true, enum: [true] }])[0],
    ).toMatchObject({ type: 'string', limits: {} });
  });

  it.each(['body', 'formData', 'cookie'])('in %s are dropped', (place) => {
    expect(parameters([{ name: 'b', in: place, schema: {} }])).toEqual([]);
  });

  it('of a path are required, whatever they declare', () => {
    expect(parameters([{ name: 'id', in: 'path', type: 'string', required: false }])[0]?.required).toBe(true);
  });

  it('of the path item are those of every operation, whose own win', () => {
    const shared = { name: 'id', in: 'path', type: 'string', required: true };
    const own = { ...shared, type: 'integer' };
    const paths = {
      '/a/{id}': {
        parameters: [shared, { name: 'q', in: 'query', type: 'string' }],
        get: op({ parameters: [own] }),
      },
    };
    expect(definitionOf(importText(doc({ paths }))).parameters.map(({ name, type }) => [name, type])).toEqual(
      [
        ['id', 'number'],
        ['q', 'string'],
      ],
    );
  });

  it('of version 3.0 have their type and limits in a schema, which may be a reference', () => {
    const components = {
      schemas: { Id: { $ref: '#/components/schemas/Number' }, Number: { type: 'integer', minimum: 1 } },
    };
    const paths = {
      '/a': {
        get: op({ parameters: [{ name: 'n', in: 'query', schema: { $ref: '#/components/schemas/Id' } }] }),
      },
    };
    expect(definitionOf(importText(doc3({ components, paths }))).parameters[0]).toMatchObject({
      type: 'number',
      limits: { minimum: 1 },
    });
  });

  it('keep their extensions', () => {
    const source = {
      name: 'q',
      in: 'query',
      type: 'string',
      'x-apigateway-pass-through': 'always',
      'x-apigateway-sample': 1,
    };
    expect(parameters([source])[0]?.extensions).toEqual({
      'x-apigateway-pass-through': 'always',
      'x-apigateway-sample': 1,
    });
  });
});
