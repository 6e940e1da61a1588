import { readdirSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { EMPTY_INSTANCE } from '../../src/gateway/model.ts';
import { droppedBy, factsOf, lostFacts, parsed } from './facts.ts';
import { exportText, importText } from './harness.ts';

const folder = new URL('../../fixtures/openapi/', import.meta.url);
const names = readdirSync(folder).sort();
/** All but the file of failures. */
const imported = names.filter((name) => name !== 'every-failure.yaml');
const read = (name: string) => readFileSync(new URL(name, folder));
const validator = new Validator();

describe('the OpenAPI fixtures', () => {
  it.each(names)('%s: imports without a failure unless it is the file of failures', (name) => {
    const { outcome, report } = importText(read(name));
    expect(outcome.status).toBe('succeed');
    expect(report.failure.length === 0).toBe(name !== 'every-failure.yaml');
    expect(report.success.length).toBeGreaterThan(0);
  });

  it.each(names)('%s: every export is a valid document by the specification', async (name) => {
    const { state, report } = importText(read(name));
    for (const define of ['spec', 'proxy', 'all']) {
      for (const oas_version of ['2.0', '3.0']) {
        const text = exportText(state, report.group_id, { define, oas_version });
        // `default-cors` is the service's own: the specification knows statuses and `default` alone.
        const document = JSON.parse(
          text.replaceAll('"default-cors": {\n\t\t\t\t\t\t"desc', '"default": {\n\t\t\t\t\t\t"desc'),
        );
        expect(await validator.validate(document)).toEqual({ valid: true });
      }
    }
  });

  it.each(names)('%s: an export imported with override changes nothing', (name) => {
    const { state, report } = importText(read(name));
    const group = {
      is_create_group: false,
      group_id: report.group_id,
      api_mode: 'override',
      extend_mode: 'override',
    };
    for (const oas_version of ['2.0', '3.0']) {
      for (const type of ['json', 'yaml']) {
        const text = exportText(state, report.group_id, { oas_version, type });
        const again = importText(text, group, { state });
        expect(again.report.failure).toEqual([]);
        expect(again.report.success.every(({ action }) => action === 'update')).toBe(true);
        expect(exportText(again.state, report.group_id, { oas_version, type })).toBe(text);
      }
    }
  });

  it.each(imported)('%s: nothing that it defines is lost, in any version and format', (name) => {
    const facts = factsOf(parsed(read(name).toString()));
    const { state, report } = importText(read(name));
    for (const oas_version of ['2.0', '3.0']) {
      for (const type of ['json', 'yaml']) {
        const first = factsOf(parsed(exportText(state, report.group_id, { oas_version, type })));
        const lost = lostFacts(facts, first, droppedBy(oas_version));
        expect(lost).toEqual([]);
        const again = importText(exportText(state, report.group_id, { oas_version, type }));
        const second = exportText(again.state, again.report.group_id, { oas_version, type });
        expect(factsOf(parsed(second))).toEqual(first);
      }
    }
  });

  it('has an export of the service that comes back as it is', () => {
    const text = read('exported-3.0.yaml').toString();
    const { state, report } = importText(text);
    const [, version] = /version: (.*)/.exec(text) ?? [];
    expect(exportText(state, report.group_id, { oas_version: '3.0', type: 'yaml', version })).toBe(text);
  });

  it('has the same back ends in Swagger 2.0 and in OpenAPI 3.0', () => {
    const [first, second] = ['backends-2.0.yaml', 'backends-3.0.yaml'].map((name) => importText(read(name)));
    for (const oas_version of ['2.0', '3.0']) {
      for (const type of ['json', 'yaml']) {
        const [one, other] = [first, second].map((imported) =>
          exportText(imported?.state ?? EMPTY_INSTANCE, imported?.report.group_id ?? '', {
            oas_version,
            type,
          }),
        );
        expect(other).toBe(one);
      }
    }
  });

  it('names one reason for each API of the file of failures', () => {
    const { report } = importText(read('every-failure.yaml'));
    const failures = report.failure.map(({ path, error_code, error_msg }) => [
      path,
      error_code,
      /parameterName:(.*)\. Please/.exec(error_msg)?.[1] ??
        /API name: (.*)$/.exec(error_msg)?.[1] ??
        error_msg,
    ]);
    expect(failures).toEqual([
      ['/good/{other}', 'APIG.3301', 'good'],
      ['/name/second', 'APIG.3202', 'The API name already exists, api_name:taken-name'],
      ['/name/third', 'APIG.2011', 'name'],
      ['/backend/none', 'APIG.2001', 'backend_type'],
      ['/backend/type', 'APIG.2011', 'backend_type'],
      ['/backend/address', 'APIG.2001', 'url_domain'],
      ['/backend/timeout', 'APIG.2011', 'timeout'],
      ['/backend/policy', 'APIG.2011', 'backend_type'],
      ['/undefined/{id}', 'APIG.2026', 'The request path parameters are not defined.'],
      ['/undefined/backend', 'APIG.2027', 'The backend path parameters are not defined.'],
      [
        '/undefined/mapped',
        'APIG.2028',
        'The request parameters mapped to the backend parameters are not defined.',
      ],
      ['/path-{part}', 'APIG.2011', 'req_uri'],
      ['/path/{proxy+}/more', 'APIG.2011', 'req_uri'],
      ['/mode', 'APIG.2011', 'match_mode'],
      ['/security', 'APIG.2011', 'auth_type'],
      ['/reference', 'APIG.2011', '$ref'],
    ]);
    expect(report.success.map(({ path }) => path)).toEqual(['/good/{id}', '/name/first', '/generated']);
  });
});
