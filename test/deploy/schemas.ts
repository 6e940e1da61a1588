/** JSON schemas of the deployments to copy: as much of each format as they use, and nothing beside it. */

const text = { type: 'string', minLength: 1 };
const whole = { type: 'integer', minimum: 1 };
const texts = { type: 'array', items: text, minItems: 1 };
const named = { type: 'object', additionalProperties: { type: ['string', 'integer'] } };

/** An object with these members, all required but those whose name ends in `?`. */
function object(members: Readonly<Record<string, object>>) {
  const entries = Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema] as const);
  const required = Object.keys(members).filter((name) => !name.endsWith('?'));
  return { type: 'object', properties: Object.fromEntries(entries), required, additionalProperties: false };
}
const list = (items: object) => ({ type: 'array', items, minItems: 1 });
const just = (...values: (string | boolean)[]) => ({ enum: values });

const service = object({
  image: text,
  'ports?': list({ type: 'string', pattern: '^(127\\.0\\.0\\.1:)?\\d+:\\d+$' }),
  'environment?': named,
  'read_only?': just(true),
  'cap_drop?': list(just('ALL')),
  'security_opt?': list(just('no-new-privileges:true')),
  'healthcheck?': object({
    test: list(text),
    interval: { type: 'string', pattern: '^\\d+s$' },
    timeout: { type: 'string', pattern: '^\\d+s$' },
    retries: whole,
  }),
  'stop_grace_period?': { type: 'string', pattern: '^\\d+s$' },
  'depends_on?': {
    type: 'object',
    additionalProperties: object({ condition: just('service_healthy') }),
  },
  'entrypoint?': texts,
  'command?': texts,
});

export const compose = object({ services: { type: 'object', additionalProperties: service } });

export const gitlab = {
  type: 'object',
  additionalProperties: object({
    image: text,
    services: list(object({ name: text, alias: text })),
    variables: named,
    script: texts,
  }),
};

const workflowStep = object({
  'name?': text,
  'run?': text,
  'uses?': text,
  'env?': named,
  'with?': { type: 'object', additionalProperties: { type: ['string', 'integer', 'boolean'] } },
  'id?': text,
});
const workflowJob = object({
  'runs-on': text,
  'timeout-minutes': whole,
  'needs?': { type: ['string', 'array'] },
  'if?': text,
  'environment?': text,
  'permissions?': { type: 'object', additionalProperties: just('read', 'write') },
  'outputs?': named,
  'strategy?': object({ 'fail-fast': just(false), matrix: { type: 'object' } }),
  'services?': {
    type: 'object',
    additionalProperties: object({ image: text, ports: texts, env: named }),
  },
  'env?': named,
  steps: list({ ...workflowStep, oneOf: [{ required: ['run'] }, { required: ['uses'] }] }),
});
/** A workflow of GitHub; every action is pinned to a commit. */
export const workflow = object({
  name: text,
  on: { type: 'object' },
  permissions: object({ contents: just('read') }),
  'concurrency?': object({ group: text, 'cancel-in-progress?': { type: ['string', 'boolean'] } }),
  'env?': named,
  jobs: { type: 'object', additionalProperties: workflowJob },
});

const metadata = object({
  name: { type: 'string', pattern: '^[a-z0-9-]+$' },
  'namespace?': text,
  'annotations?': named,
});
const kind = (apiVersion: string, name: string, members: Readonly<Record<string, object>>) =>
  object({ apiVersion: just(apiVersion), kind: just(name), metadata, ...members });
const probe = object({
  httpGet: object({ path: { type: 'string', pattern: '^/' }, port: just('http') }),
  periodSeconds: whole,
  'failureThreshold?': whole,
  'timeoutSeconds?': whole,
});
const variable = {
  ...object({ name: text, 'value?': text, 'valueFrom?': { type: 'object' } }),
  oneOf: [{ required: ['value'] }, { required: ['valueFrom'] }],
};
const resources = object({ 'cpu?': text, memory: { type: 'string', pattern: '^\\d+Mi$' } });
const container = object({
  name: text,
  image: text,
  ports: list(object({ name: just('http'), containerPort: whole })),
  env: list(variable),
  securityContext: object({
    readOnlyRootFilesystem: just(true),
    allowPrivilegeEscalation: just(false),
    capabilities: object({ drop: list(just('ALL')) }),
  }),
  startupProbe: probe,
  readinessProbe: probe,
  livenessProbe: probe,
  resources: object({ requests: resources, limits: resources }),
});
const pod = object({
  automountServiceAccountToken: just(false),
  terminationGracePeriodSeconds: whole,
  securityContext: object({
    runAsNonRoot: just(true),
    runAsUser: whole,
    runAsGroup: whole,
    seccompProfile: object({ type: just('RuntimeDefault') }),
  }),
  containers: list(container),
});
const rule = object({
  host: text,
  http: object({
    paths: list(
      object({
        path: { type: 'string', pattern: '^/' },
        pathType: just('Prefix', 'Exact'),
        backend: object({ service: object({ name: text, port: object({ name: text }) }) }),
      }),
    ),
  }),
});

/** The kinds of Kubernetes. */
export const kinds: Readonly<Record<string, object>> = {
  Secret: kind('v1', 'Secret', { stringData: named }),
  ConfigMap: kind('v1', 'ConfigMap', { data: named }),
  Service: kind('v1', 'Service', {
    spec: object({
      'clusterIP?': just('None'),
      'publishNotReadyAddresses?': just(true),
      selector: named,
      ports: list(object({ name: text, port: whole, targetPort: text })),
    }),
  }),
  StatefulSet: kind('apps/v1', 'StatefulSet', {
    spec: object({
      serviceName: text,
      replicas: whole,
      podManagementPolicy: just('Parallel', 'OrderedReady'),
      selector: object({ matchLabels: named }),
      template: object({ metadata: object({ labels: named }), spec: pod }),
    }),
  }),
  Ingress: kind('networking.k8s.io/v1', 'Ingress', {
    spec: object({ ingressClassName: text, rules: list(rule) }),
  }),
};
