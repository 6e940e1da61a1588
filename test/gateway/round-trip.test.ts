import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/gateway/import/apply.ts';
import { restoreInstance, snapshotInstance } from '../../src/gateway/snapshot.ts';
import { document } from './arbitrary.ts';
import { droppedBy, factsOf, lostFacts, parsed } from './facts.ts';
import { exportText, importText } from './harness.ts';

type Document = { paths: Record<string, Record<string, unknown>> } & Record<string, unknown>;

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
        const texts = (of: typeof state) =>
          // Swagger 2.0 has no request bodies that the service takes.
          (form.oas_version === '2.0' ? ['2.0'] : VERSIONS).map((oas_version) =>
            exportText(of, report.group_id, { oas_version }),
          );
        const before = texts(state);
        const group = {
          is_create_group: false,
          group_id: report.group_id,
          api_mode: 'override',
          extend_mode: 'override',
        };
        const again = importText(exportText(state, report.group_id, form), group, { state });
        expect(again.report.failure).toEqual([]);
        expect(texts(again.state)).toEqual(before);
        expect(texts(restoreInstance(JSON.parse(JSON.stringify(snapshotInstance(again.state)))))).toEqual(
          before,
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each(FORMS)('has all that the document defines: $oas_version $type', (form) => {
    fc.assert(
      fc.property(any, (generated) => {
        const source = JSON.parse(JSON.stringify(generated));
        const { state, report } = importText(JSON.stringify(source));
        const exported = factsOf(parsed(exportText(state, report.group_id, form)));
        const defined = factsOf(withoutFailures(source, report.failure));
        expect(lostFacts(defined, exported, droppedBy(form.oas_version))).toEqual([]);
      }),
      { numRuns: 75 },
    );
  });

  it('has the same content in JSON and in YAML', () => {
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

/** The document without the APIs that were not imported. */
function withoutFailures(source: Document, failures: ImportReport['failure']): Document {
  for (const { method, path } of failures)
    delete source.paths[path]?.[method === 'ANY' ? 'x-apigateway-any-method' : method.toLowerCase()];
  return source;
}

describe('an extension nested as deep as may be', () => {
  it.each(FORMS)('comes back from an export: $oas_version $type', (form) => {
    const deep = `${'['.repeat(98)}${']'.repeat(98)}`;
    const source = `{"swagger":"2.0","info":{"title":"deep"},"paths":{"/a":{"get":{"x-deep":${deep},"x-apigateway-backend":{"type":"MOCK","mockEndpoints":{"result-content":"ok"}}}}}}`;
    const first = importText(source);
    const text = exportText(first.state, first.report.group_id, form);
    const second = importText(text);
    expect(exportText(second.state, second.report.group_id, form)).toBe(text);
  });
});
