/** The clock: what time it is for the tasks, and the buttons that stop it, move it and let it run. */
import { useSignal } from '@preact/signals';
import { adminCurl } from '../api.ts';
import { copy } from '../notice.ts';
import { clockOf, filter, nowOf, overview, type Place, send } from '../store.ts';
import { dateOf, joined, span, t, timeOfDay } from '../text.ts';
import { Button, Form, Menu, Select, STOP, type Values } from './controls.tsx';
import { useRoving } from './roving.ts';

const STEPS = { '+1 s': 1000, '+10 s': 10_000, '+1 min': 60_000 };
/** A running clock that is off by less than this shows nothing of it. */
const OFFSET_MS = 100;

/** The clocks that the buttons can work on: the main one, and those of what the filter names. */
function places(): Readonly<Record<string, Place>> {
  const { project_id, instance_id } = filter.value;
  const instance = joined(' / ', project_id, instance_id);
  return {
    '': {},
    ...(project_id === '' ? {} : { [project_id]: { project_id } }),
    ...(instance_id === '' ? {} : { [instance]: { project_id, instance_id } }),
  };
}

export function Clock() {
  const target = useSignal('');
  const offered = places();
  const names = Object.keys(offered).map((one) => (one === '' ? (['', t('mainClock')] as const) : one));
  // One that the filter no longer names gives way to the main one.
  const name = target.value in offered ? target.value : '';
  const place = offered[name] ?? {};
  const choose = (chosen: string) => {
    target.value = chosen;
  };
  const clock = overview.value && clockOf(place);
  const isPaused = clock?.mode === 'manual';
  const offset = clock?.offset_ms ?? 0;
  return (
    <section id="clock" class="clock" aria-label={t('clock')}>
      {clock && (
        <>
          <div class="row">
            <span class="now">{timeOfDay(nowOf(place), isPaused)}</span>
            <span class="date">{dateOf(nowOf(place))} UTC</span>
          </div>
          <span class={`chip ${isPaused ? 'waiting' : 'ok'}`}>{t(isPaused ? 'paused' : 'running')}</span>
          {Math.abs(offset) >= OFFSET_MS && (
            <span class="chip waiting">{t(offset > 0 ? 'ahead' : 'behind', span(Math.abs(offset)))}</span>
          )}
          {clock.project_id !== undefined && <span class="chip plain">{t('ownClock')}</span>}
          {names.length > 1 && (
            <Select hint={t('whichClock')} options={names} value={name} onChange={choose} />
          )}
          <Controls place={place} isPaused={isPaused} nextDue={clock.next_due} />
        </>
      )}
    </section>
  );
}

function Controls(props: { place: Place; isPaused: boolean; nextDue: string | undefined }) {
  const { place, isPaused, nextDue } = props;
  const request = (values: Values) => ({ ...place, ms: Math.max(Math.round(Number(values('ms'))), 0) });
  const advance = (body: object) => send('POST', '/__admin/clock/advance', body);
  const setMode = (mode: string) => send('PUT', '/__admin/clock', { ...place, mode });
  const toNextDue = () => advance({ ...place, ms: Math.max(Date.parse(nextDue ?? '') - nowOf(place), 0) });
  const roving = useRoving<HTMLDivElement>();
  const command = (values: Values) => {
    const ms = values('ms') === '' ? 1000 : request(values).ms;
    void copy(adminCurl('POST', '/__admin/clock/advance', { ...place, ms }));
  };
  const step = ([sign, ms]: [string, number]) => {
    const label = `${t('advance')} ${sign}`;
    return (
      <Button key={sign} sign={sign} label={label} onClick={() => advance({ ...place, ms })} {...STOP} />
    );
  };
  return (
    <Form class="row" onSubmit={(values) => advance(request(values))}>
      <div class="row" role="toolbar" aria-label={t('clock')} {...roving}>
        {isPaused ? (
          <Button key="run" text="run" onClick={() => setMode('system')} {...STOP} />
        ) : (
          <Button key="pause" text="pause" onClick={() => setMode('manual')} {...STOP} />
        )}
        {isPaused && (
          <Button
            text="nextStep"
            class="primary"
            disabled={nextDue === undefined}
            onClick={toNextDue}
            {...STOP}
          />
        )}
        <span class="joined">{Object.entries(STEPS).map(step)}</span>
      </div>
      {isPaused && (
        <>
          <input type="number" name="ms" min="0" defaultValue="1000" aria-label={t('advanceBy')} />
          <Button text="advance" onClick={(values) => advance(request(values))} />
        </>
      )}
      <Menu label={t('moreOf', t('clock'))} items={[['copyCurl', command]]} />
    </Form>
  );
}
