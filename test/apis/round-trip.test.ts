import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { canonical } from '../../src/apis/json.ts';
import { layOutYaml } from '../../src/apis/yaml-layout.ts';
import { document, value } from './arbitrary.ts';
import { exportText, importText } from './harness.ts';

const VERSIONS = ['2.0', '3.0'] as const;
const FORMS = VERSIONS.flatMap((oas_version) => ['json', 'yaml'].map((type) => ({ oas_version, type })));
const any = fc.oneof(document('2.0'), document('3.0'));

describe('an export', { timeout: 60_000 }, () => {
  it.each(FORMS)('imported into an empty instance gives the same text again: $oas_version $type', (form) => {
    fc.assert(
      fc.property(any, (source) => {
        const first = importText(JSON.stringify(source));
        const text = exportText(first.state, first.report.group_id, form);
        const second = importText(text);
        expect(second.report.failure).toEqual([]);
        expect(exportText(second.state, second.report.group_id, form)).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it('imported with override leaves the text as it is, in whichever form it was exported', () => {
    fc.assert(
      fc.property(any, fc.constantFrom(...FORMS), (source, form) => {
        const { state, report } = importText(JSON.stringify(source));
        const before = exportText(state, report.group_id);
        const group = {
          is_create_group: false,
          group_id: report.group_id,
          api_mode: 'override',
          extend_mode: 'override',
        };
        const again = importText(exportText(state, report.group_id, form), group, { state });
        expect(again.report.failure).toEqual([]);
        expect(exportText(again.state, report.group_id)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });

  it('says the same in JSON and in YAML', () => {
    fc.assert(
      fc.property(any, fc.constantFrom(...VERSIONS), (source, oas_version) => {
        const { state, report } = importText(JSON.stringify(source));
        const json = exportText(state, report.group_id, { oas_version });
        const yaml = exportText(state, report.group_id, { oas_version, type: 'yaml' });
        expect(load(yaml)).toEqual(JSON.parse(json));
      }),
      { numRuns: 150 },
    );
  });
});

describe('the YAML layout', { timeout: 60_000 }, () => {
  it('is read alike by readers of YAML 1.2 and of YAML 1.1', () => {
    // `yaml` takes `E0` for a number, in its 1.1 mode.
    const found = ['E0', 'e5', 'e+1', 'E-12', 'e1_0'].map((text): [unknown] => [{ [text]: [text] }]);
    fc.assert(
      fc.property(value, (source) => {
        const tree = { key: canonical(source) };
        const text = layOutYaml(tree, {});
        const expected = { ...tree, 'x-apigateway-responses': {} };
        expect(load(text)).toEqual(expected);
        expect(parse(text)).toEqual(expected);
        expect(parse(text, { version: '1.1', merge: false })).toEqual(expected);
      }),
      { numRuns: 1000, examples: found },
    );
  });
});

describe('an extension nested as deep as may be', () => {
  it.each(FORMS)('comes back from an export: $oas_version $type', (form) => {
    const deep = `${'['.repeat(98)}${']'.repeat(98)}`;
    const source = `{"swagger":"2.0","info":{"title":"deep"},"paths":{"/a":{"get":{"x-deep":${deep},"x-apigateway-backend":{"type":"MOCK"}}}}}`;
    const first = importText(source);
    const text = exportText(first.state, first.report.group_id, form);
    const second = importText(text);
    expect(exportText(second.state, second.report.group_id, form)).toBe(text);
  });
});
