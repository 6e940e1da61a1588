/** The files that the sequences import, and what a reader of the provider's documentation expects of each. */
import { readFileSync } from 'node:fs';

/** One API of a file; with `fails` it is rejected with that code, whatever stands in the group. */
export interface FileApi {
  readonly method: string;
  readonly path: string;
  /** The operationId; without one the service makes a name up. */
  readonly name?: string;
  readonly fails?: string;
}

/** A file; with `rejected` nothing of it is imported. `atOnce`: rejected with 400, so that there is no task. */
export interface ImportFile {
  readonly label: string;
  readonly text: string;
  readonly title?: string;
  readonly apis: readonly FileApi[];
  readonly rejected?: string;
  readonly atOnce?: string;
}

const packaged = (name: string): string =>
  readFileSync(new URL(`../../fixtures/openapi/${name}`, import.meta.url), 'utf8');

const BACKEND = { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } };

/** A file of APIs given as `GET /path name`. */
function fileOf(title: string | undefined, ...lines: readonly string[]): ImportFile {
  const apis = lines.map((line): FileApi => {
    const [method = '', path = '', name] = line.split(' ');
    return { method, path, ...(name === undefined ? {} : { name }) };
  });
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, name } of apis) {
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        ...(name === undefined ? {} : { operationId: name }),
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, param]) => ({
          name: param,
          in: 'path',
          required: true,
          type: 'string',
        })),
        responses: { default: { description: 'x' } },
        'x-apigateway-backend': BACKEND,
      },
    };
  }
  const text = JSON.stringify({ swagger: '2.0', info: { title, version: '1' }, paths });
  return { label: `${title}: ${lines.join(', ')}`, text, ...(title === undefined ? {} : { title }), apis };
}

const bad = (label: string, text: string, rejected: string): ImportFile => ({
  label,
  text,
  apis: [],
  rejected,
});

const EVERY_FAILURE: readonly FileApi[] = [
  { method: 'GET', path: '/good/{id}', name: 'good' },
  { method: 'GET', path: '/good/{other}', name: 'good-again' },
  { method: 'GET', path: '/name/first', name: 'taken-name' },
  { method: 'GET', path: '/name/second', name: 'taken-name' },
  { method: 'GET', path: '/name/third', fails: 'APIG.2011' },
  { method: 'GET', path: '/backend/none', fails: 'APIG.2001' },
  { method: 'GET', path: '/backend/type', fails: 'APIG.2011' },
  { method: 'GET', path: '/backend/address', fails: 'APIG.2001' },
  { method: 'GET', path: '/backend/timeout', fails: 'APIG.2011' },
  { method: 'GET', path: '/backend/policy', fails: 'APIG.2011' },
  { method: 'GET', path: '/undefined/{id}', fails: 'APIG.2026' },
  { method: 'GET', path: '/undefined/backend', fails: 'APIG.2027' },
  { method: 'GET', path: '/undefined/mapped', fails: 'APIG.2028' },
  { method: 'GET', path: '/path-{part}', fails: 'APIG.2011' },
  { method: 'GET', path: '/path/{proxy+}/more', fails: 'APIG.2011' },
  { method: 'GET', path: '/mode', fails: 'APIG.2011' },
  { method: 'GET', path: '/security', fails: 'APIG.2011' },
  { method: 'GET', path: '/reference', fails: 'APIG.2011' },
  { method: 'GET', path: '/generated' },
];

export const FILES: readonly ImportFile[] = [
  fileOf('orders', 'GET /a list', 'POST /a make'),
  fileOf('orders', 'GET /a show', 'GET /c/{id} list'),
  fileOf('stock', 'GET /c/{other} one', 'DELETE /c/{id} gone', 'GET /d'),
  fileOf('stock', 'GET /d', 'PUT /a list', 'POST /a one'),
  {
    label: 'hello.yaml',
    text: packaged('hello.yaml'),
    title: 'hello',
    apis: [{ method: 'GET', path: '/v1/hello/{name}', name: 'send-greeting' }],
  },
  {
    label: 'library-3.0.yaml',
    text: packaged('library-3.0.yaml'),
    title: 'library',
    apis: [
      { method: 'GET', path: '/titles/{isbn}', name: 'show-title' },
      { method: 'PUT', path: '/titles/{isbn}', name: 'lend-title' },
    ],
  },
  {
    label: 'every-failure.yaml',
    text: packaged('every-failure.yaml'),
    title: 'every-failure',
    apis: EVERY_FAILURE,
  },
  fileOf(undefined, 'GET /a list'),
  bad('no mapping', 'just words', 'APIG.3600'),
  bad('half of a file', '{"swagger": "2.0", "info": {', 'APIG.3600'),
  bad('an old version', '{"swagger": "1.2", "info": {"title": "old"}, "paths": {}}', 'APIG.3601'),
  bad('no version', '{"info": {"title": "none"}, "paths": {}}', 'APIG.3602'),
  bad('white space', '  \n ', 'APIG.3609'),
  { label: 'empty', text: '', apis: [], atOnce: 'APIG.3609' },
];
