/** A fault in full: what it strikes, what it does, when, and how often it has. */
import type { Fault } from '../control/fault-book.ts';
import type { FaultAction } from '../control/faults.ts';
import { el } from './dom.ts';
import { t } from './language.ts';

const given = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');

/** The facts of a fault, as terms and what they are. */
export function factsOf(fault: Fault): HTMLElement {
  const facts: readonly (readonly [term: string, text: string])[] = [
    [t('matches'), matched(fault)],
    [t('does'), done(fault.action)],
    [t('when'), timed(fault)],
    [t('struck'), t('hits', fault.hits)],
  ];
  return el(
    'dl',
    { class: 'facts' },
    ...facts.flatMap(([term, text]) => [el('dt', {}, term), el('dd', {}, text)]),
  );
}

const matched = ({ operation, method, project_id, instance_id, task_id }: Fault): string => {
  const place = [project_id, instance_id].filter((part) => part !== undefined).join(' / ');
  return given(operation ?? (method === undefined ? t('everyCall') : undefined), method, place, task_id);
};

/** The kind, then its details by name where a value does not speak for itself. */
function done(action: FaultAction): string {
  const { type, ...details } = action as FaultAction & Record<string, unknown>;
  const texts = Object.entries(details).map(([name, value]) => {
    if (name === 'status' || name === 'error_code') return String(value);
    if (name === 'ms') return `${String(value)} ms`;
    return `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
  });
  return given(type, ...texts);
}

const timed = ({ after, times, hits, probability, phase }: Fault): string =>
  given(
    times === undefined ? t('everyTime') : t('timesLeft', Math.max(times - hits, 0), times),
    after === undefined ? undefined : t('letThrough', after),
    probability === undefined ? undefined : t('chance', probability),
    phase === undefined ? undefined : t(phase === 'before' ? 'phaseBefore' : 'phaseAfter'),
  );
