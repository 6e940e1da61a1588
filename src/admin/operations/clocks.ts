/** The operations of `/__admin` on clocks. What a call does stands in `clock-calls.ts`. */
import { type AdminOperation, call } from '../control-call.ts';
import * as R from '../responses.ts';
import * as S from '../schemas.ts';
import { changeErrors, queryErrors } from './shared.ts';

export const clocksOperations: readonly AdminOperation[] = [
  call({
    id: 'getClock',
    call: 'clock.get',
    method: 'GET',
    path: '/__admin/clock',
    summary: 'Shows a clock',
    query: S.PlaceSchema,
    response: R.Clock,
    errors: queryErrors,
    run: ({ clock }, scope) => clock.get(scope),
  }),
  call({
    id: 'setClock',
    call: 'clock.set',
    method: 'PUT',
    path: '/__admin/clock',
    summary: 'Stops a clock, lets it run, or sets it',
    body: S.ClockSchema,
    response: R.Clock,
    errors: changeErrors,
    example: { body: { mode: 'manual', now: '2026-03-02T09:30:00.000Z' } },
    run: ({ clock }, request) => clock.set(request),
  }),
  call({
    id: 'advanceClock',
    call: 'clock.advance',
    leading: ['ms'],
    method: 'POST',
    path: '/__admin/clock/advance',
    summary: 'Moves a clock on; responds once everything that fell due has happened',
    body: S.AdvanceSchema,
    response: R.Clock,
    errors: changeErrors,
    example: { body: { ms: 500 } },
    run: ({ clock }, { ms, ...scope }) => clock.advance(ms, scope),
  }),
];
