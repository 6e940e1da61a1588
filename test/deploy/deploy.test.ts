/** The deployments to copy: right by their schema, true to the mock, and the scripts of their clients run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/settings.ts';
import { ROOT } from '../package/installed.ts';
import { runChild } from '../support/child.ts';
import { call, testMock } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { compose, gitlab, kinds, workflow } from './schemas.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the schemas have checked is read member by member
type Document = any;

const textOf = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const FOLDER = ['examples', 'deploy'];
const WORKFLOWS = readdirSync(join(ROOT, '.github', 'workflows'));

const composed: Document = load(textOf(...FOLDER, 'compose.yaml'));
const manifests: Document[] = [...loadAll(textOf(...FOLDER, 'kubernetes.yaml'))];
const controller: Document = load(textOf(...FOLDER, 'ingress-nginx-config.yaml'));
const inGitlab: Document = load(textOf(...FOLDER, 'gitlab-ci.yml'));
const onGithub: Document = load(textOf('.github', 'workflows', 'service-container-example.yml'));
const dockerfile = textOf('Dockerfile');

const ajv = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false });
/** What a schema finds wrong. */
function wrongIn(schema: object, document: unknown): string[] {
  const check = ajv.compile(schema);
  check(document);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
/** Of a kind that nobody has described. */
const NONE = { not: {} };
const ofKind = (kind: string): Document[] => manifests.filter((manifest) => manifest.kind === kind);
const [set] = ofKind('StatefulSet');
const [ingress] = ofKind('Ingress');
const [container] = set.spec.template.spec.containers;

describe('the schemas', () => {
  const all: [string, object, unknown][] = [
    ['compose.yaml', compose, composed],
    ['gitlab-ci.yml', gitlab, inGitlab],
    ['ingress-nginx-config.yaml', kinds['ConfigMap'] ?? {}, controller],
    ...manifests.map((each): [string, object, unknown] => [each.kind, kinds[each.kind] ?? NONE, each]),
    ...WORKFLOWS.map((name): [string, object, unknown] => [
      name,
      workflow,
      load(textOf('.github', 'workflows', name)),
    ]),
  ];
  it.each(all)('find nothing wrong in %s', (_, schema, document) => {
    expect(wrongIn(schema, document)).toEqual([]);
  });

  it.each<[string, (document: Document) => void]>([
    ['an unknown member', (one) => Object.assign(one.spec.template.spec.containers[0], { command: 'x' })],
    ['a missing probe', (one) => delete one.spec.template.spec.containers[0].livenessProbe],
    [
      'a writable disk',
      (one) =>
        Object.assign(one.spec.template.spec.containers[0].securityContext, {
          readOnlyRootFilesystem: false,
        }),
    ],
    ['root', (one) => Object.assign(one.spec.template.spec.securityContext, { runAsUser: 0 })],
    ['a number as text', (one) => Object.assign(one.spec, { replicas: '2' })],
  ])('find %s', (_, spoil) => {
    const copy = structuredClone(set);
    spoil(copy);
    expect(wrongIn(kinds['StatefulSet'] ?? {}, copy)).toHaveLength(1);
  });

  it('have every action of a workflow pinned to a commit, and every version named', () => {
    const uses = WORKFLOWS.flatMap((name) => textOf('.github', 'workflows', name).match(/uses: .*/g) ?? []);
    expect(uses.length).toBeGreaterThan(10);
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

describe('the deployments', () => {
  it('set what the mock takes', () => {
    const names = [
      composed.services.apig.environment,
      inGitlab.polling.variables,
      onGithub.jobs.poll.services.apig.env,
      Object.fromEntries(container.env.map(({ name }: { name: string }) => [name, ''])),
    ].flatMap((set) => Object.keys(set).filter((name) => name.startsWith('APIG_MOCK_')));
    expect(names.length).toBeGreaterThan(5);
    const known: string[] = SETTINGS.map(({ env }) => env);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('name the image and the port of this repository', () => {
    const image = 'ghcr.io/apig-mock/apig-mock:latest';
    expect(composed.services.apig.image).toBe(`\${APIG_MOCK_IMAGE:-${image}}`);
    expect(container.image).toBe(image);
    expect(inGitlab.polling.services[0].name).toBe(image);
    expect(onGithub.on.workflow_dispatch.inputs.image.default).toBe(image);
    expect(textOf('.github', 'workflows', 'release.yml')).toMatch(
      /^ {2}IMAGE: ghcr\.io\/\$\{\{ github\.repository \}\}$/m,
    );
    const port = Number(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]);
    expect(container.ports[0].containerPort).toBe(port);
    expect(composed.services.apig.ports[0]).toBe(`127.0.0.1:${port}:${port}`);
  });

  it('check the health as the image does, and run as its user', () => {
    const [, own = ''] = /CMD (\[.*health"\])$/m.exec(dockerfile) ?? [];
    expect(composed.services.apig.healthcheck.test).toEqual(['CMD', ...JSON.parse(own)]);
    expect(set.spec.template.spec.securityContext.runAsUser).toBe(
      Number(/^USER (\d+)$/m.exec(dockerfile)?.[1]),
    );
  });

  it('belong together in Kubernetes', () => {
    const labels = set.spec.template.metadata.labels;
    expect(set.spec.selector.matchLabels).toEqual(labels);
    const services = new Map(ofKind('Service').map(({ metadata, spec }) => [metadata.name, spec]));
    for (const { selector } of services.values()) expect(selector).toEqual(labels);
    expect(services.get(set.spec.serviceName)?.clusterIP).toBe('None');
    const [{ http }] = ingress.spec.rules;
    for (const { backend } of http.paths) expect(services.has(backend.service.name)).toBe(true);
    const [secret] = ofKind('Secret');
    const refs = container.env.flatMap(({ valueFrom }: Document) => valueFrom?.secretKeyRef ?? []);
    expect(refs).toEqual([{ name: secret.metadata.name, key: Object.keys(secret.stringData)[0] }]);
  });

  it('hash on what the fleet of processes does, and leave the control calls out', () => {
    const place = /map \$uri \$\w+ \{([\s\S]*?)\}\n/;
    const fleet = place.exec(textOf('examples', 'fleet', 'nginx-config.js'))?.[1];
    const mapped = place.exec(controller.data['http-snippet']);
    const lines = (text = '') =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim());
    expect(lines(mapped?.[1])).toEqual(lines(fleet));
    const hash = ingress.metadata.annotations['nginx.ingress.kubernetes.io/upstream-hash-by'];
    expect(mapped?.[0]).toContain(`map $uri ${hash} {`);
    expect(ingress.spec.rules[0].http.paths.map(({ path }: Document) => path)).toEqual(['/v2', '/v3']);
  });

  it('probe what the mock serves, under the name that Kubernetes gives a pod, too', async () => {
    await using mock = await testMock({ adminHosts: ['apig-mock-0.apig-mock-pods'] });
    for (const { httpGet } of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      for (const host of ['10.1.2.3:8080', 'apig-mock-0.apig-mock-pods:8080'])
        expect(await call(mock.url + httpGet.path, { headers: { host } })).toMatchObject({ status: 200 });
    }
    expect(container.env[1].value).toBe(`$(${container.env[0].name}).${set.spec.serviceName}`);
  });
});

const canRun = needs(
  hasProgram('curl') && hasProgram('jq'),
  'the scripts of the deployments: install curl and jq',
);

describe.skipIf(!canRun)('the clients', () => {
  const run = async (script: string, shell: string[]) => {
    await using mock = await testMock({ progression: 'polls', tokens: ['dev-token', 'ci-token'] });
    const [file = '', ...args] = shell;
    return await runChild(file, [...args, script], { env: { ...process.env, APIG_URL: mock.url } });
  };
  const states = 'waiting\nprocessing\nsucceed\n';

  it('of compose.yaml polls until its task has ended', async () => {
    const { entrypoint, command, depends_on } = composed.services.client;
    // `$$` is how Compose spells a dollar.
    const { code, stdout, stderr } = await run(command[0].replaceAll('$$', '$'), entrypoint);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: states, stderr: '' });
    expect(Object.keys(depends_on)).toEqual(['apig']);
  });

  it('of gitlab-ci.yml sees each state', async () => {
    const { code, stdout, stderr } = await run(inGitlab.polling.script.join('\n'), [
      'bash',
      '-eo',
      'pipefail',
      '-c',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/"task_status":"\w+"/g)).toHaveLength(3);
  });

  it('of the GitHub workflow sees a documented example, and each state', async () => {
    for (const { run: script } of onGithub.jobs.poll.steps) {
      const { code, stderr } = await run(`cd "$(mktemp -d)"\n${script}`, ['bash', '-eo', 'pipefail', '-c']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});
