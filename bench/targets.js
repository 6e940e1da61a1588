/** The targets: which figure of a run each one looks at, and what it must be. */
import { pairedRatio, round } from './figures.js';

const rowOf = (rows, name) => rows?.find((row) => row.name === name);

/** The middle of the rounds' own ratios of two servers of the poll case. */
function pollRatio({ poll }, above, below) {
  const [first, second] = [above, below].map((name) => poll?.figures[name]?.perSecond);
  return first && second ? round(pairedRatio(first, second)) : undefined;
}

/** The same of two ways to start. */
function startRatio({ starts }, above, below) {
  const [first, second] = [above, below].map((name) => rowOf(starts?.rows, name)?.timesMs);
  return first && second ? round(pairedRatio(first, second)) : undefined;
}

const atLeast = (limit) => ({ limit, sign: '≥', met: (value) => value >= limit });
const atMost = (limit) => ({ limit, sign: '≤', met: (value) => value <= limit });

const TARGETS = [
  ['poll vs bare Fastify route, throughput', atLeast(1), (r) => rowOf(r.poll?.rows, 'mock')?.ofFastify],
  ['poll vs bare Fastify route, CPU per poll', atMost(1), (r) => r.poll?.cpuOfFastify],
  ['poll vs plain node:http, throughput', atLeast(0.95), (r) => rowOf(r.poll?.rows, 'mock')?.ofHttp],
  ['poll vs WireMock, tuned and warm', atLeast(3), (r) => pollRatio(r, 'mock', 'wiremock-tuned')],
  ['poll vs mockttp', atLeast(5), (r) => pollRatio(r, 'mock', 'mockttp')],
  ['poll with a log line vs Fastify with its logger', atLeast(1.5), (r) => r.poll?.logged],
  ['poll of an unknown task (404) vs poll', atLeast(0.8), (r) => rowOf(r.kinds, 'miss')?.ofHit],
  ['poll without a token (401) vs poll', atLeast(0.8), (r) => rowOf(r.kinds, 'rejected')?.ofHit],
  ['signed poll vs poll', atLeast(0.75), (r) => rowOf(r.kinds, 'signed')?.ofHit],
  ['poll under a polls plan vs poll', atLeast(0.95), (r) => rowOf(r.kinds, 'planned')?.ofHit],
  ['poll with a scoped clock vs poll', atLeast(0.95), (r) => rowOf(r.kinds, 'clocked')?.ofHit],
  ['poll with a fault in another scope vs poll', atLeast(0.97), (r) => rowOf(r.kinds, 'faulted')?.ofHit],
  ['poll among 100,000 tasks vs among 1,000', atLeast(0.97), (r) => r.many?.ratio],
  [
    'cold start, installed, vs bare Fastify script',
    atMost(0.8),
    (r) => rowOf(r.starts?.rows, 'installed')?.ofFastify,
  ],
  ['cold start vs plain node:http', atMost(2), (r) => rowOf(r.starts?.rows, 'installed')?.ofHttp],
  ['cold start vs json-server', atMost(0.8), (r) => startRatio(r, 'installed', 'json-server')],
  ['cold start vs mockttp', atMost(0.45), (r) => startRatio(r, 'installed', 'mockttp')],
  ['startApigMock() to first response, module loaded, ms', atMost(15), (r) => r.starts?.warmMs],
  ['resident memory after the polls vs bare Fastify', atMost(1.25), (r) => r.memory?.ratio],
  ['first import of a process, ms', atMost(25), (r) => r.imports?.firstMs],
  ['import of 300 APIs, ms', atMost(15), (r) => r.imports?.rows.find(({ apis }) => apis === 300)?.ms],
  ['advance of 100,000 due tasks, ms', atMost(300), (r) => r.advance?.tookMs],
  ['its longest pause of the event loop, ms', atMost(30), (r) => r.advance?.longestPauseMs],
];

/** `{what, target, value, verdict}` for each target; without a figure the verdict is `not measured`. */
export function holdAgainstTargets(results) {
  return TARGETS.map(([what, { limit, sign, met }, pick]) => {
    const value = pick(results) ?? undefined;
    const verdict = value === undefined ? 'not measured' : met(value) ? 'met' : 'missed';
    return { what, target: `${sign} ${limit}`, value, verdict };
  });
}
