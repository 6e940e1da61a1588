/** The state as a whole: saved and loaded, reset with a way back, and what the mock was started with. */
import { signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { RESET_PARTS } from '../../core/choices.ts';
import { adminCurl, call, callRaw, download } from '../api.ts';
import { attempt, copy, notify } from '../notice.ts';
import { loadAll, nowOf, overview, type Place } from '../store.ts';
import { dateOf, joined, number, placeName, t, textOf, timeOfDay } from '../text.ts';
import { Button, Form, Input, Menu, Submit, type Values } from './controls.tsx';
import { Facts, Panel } from './layout.tsx';
import { useScope } from './scope.tsx';

/** A snapshot that the page holds until it is closed. */
interface Moment {
  readonly id: number;
  readonly name: string;
  readonly at: string;
  readonly content: Blob;
}
/** More than so many are too much to hold: the oldest goes. */
const MAX_MOMENTS = 20;
const moments = signal<readonly Moment[]>([]);
let lastId = 0;

async function takeMoment(name: string): Promise<Moment> {
  const content = await (await callRaw('GET', '/__admin/state')).blob();
  const nowMs = nowOf({});
  lastId += 1;
  const moment = { id: lastId, name, at: `${dateOf(nowMs)} ${timeOfDay(nowMs, false)}`, content };
  moments.value = [moment, ...moments.value].slice(0, MAX_MOMENTS);
  return moment;
}

const restore = (content: Blob, name: string): Promise<void> =>
  attempt(async () => {
    await callRaw('PUT', '/__admin/state', content);
    await loadAll();
    notify(t('restored', name));
  });

const removeMoment = ({ id }: Moment): void => {
  moments.value = moments.value.filter((one) => one.id !== id);
};

export const State = () => (
  <div class="columns">
    <Snapshots />
    <Reset />
    <Settings />
  </div>
);

const fileNameOf = ({ name, at }: Moment): string => `${name}-${at}.json`.replaceAll(' ', '-');

function Snapshots() {
  const picker = useRef<HTMLInputElement>(null);
  const take = (values: Values) => {
    const name = values('name').trim() || t('snapshot');
    void attempt(async () => {
      await takeMoment(name);
      notify(t('taken', name));
    });
  };
  const load = () => {
    const file = picker.current?.files?.[0];
    if (file) void restore(file, file.name);
    if (picker.current) picker.current.value = '';
  };
  const curl = () => void copy(adminCurl('GET', '/__admin/state'));
  return (
    <Panel id="snapshots" head={<Menu label={t('moreOf', t('snapshots'))} items={[['copyCurl', curl]]} />}>
      <p class="hint">{t('snapshotHint')}</p>
      <Form class="row" onSubmit={take}>
        <div class="grow">
          <Input label="snapshotName" name="name" placeholder={t('snapshot')} maxLength={64} />
        </div>
        <Submit text="takeSnapshot" />
      </Form>
      <ul class="rules">{moments.value.map(item)}</ul>
      <label class="field">
        {t('loadFile')}
        <input type="file" accept=".json,application/json" ref={picker} onChange={load} />
      </label>
    </Panel>
  );
}

const item = (moment: Moment) => (
  <li key={moment.id}>
    <span>
      <strong>{moment.name}</strong>
      <span class="line soft">{`${moment.at} · ${number(moment.content.size)} B`}</span>
    </span>
    <Button text="restore" class="small" onClick={() => void restore(moment.content, moment.name)} />
    <Button text="download" class="small" onClick={() => download(fileNameOf(moment), moment.content)} />
    <Menu label={t('moreOf', moment.name)} items={[['remove', () => removeMoment(moment)]]} />
  </li>
);

/** Resets, after a snapshot that leads back. */
const reset = (place: Place, only: readonly string[]): Promise<void> =>
  attempt(async () => {
    const name = joined(' ', t('beforeReset'), place.project_id === undefined ? '' : placeName(place));
    const { content } = await takeMoment(name);
    await call('POST', '/__admin/reset', { ...place, only });
    await loadAll();
    const done = place.project_id === undefined ? t('resetAllDone') : t('resetDone', placeName(place));
    notify(done, { text: 'undo', run: () => void restore(content, name) });
  });

function Reset() {
  const { place, controls } = useScope();
  const isOff = useSignal<readonly string[]>([]);
  const only = RESET_PARTS.filter((part) => !isOff.value.includes(part));
  const toggle = (part: string) => {
    isOff.value = isOff.value.includes(part)
      ? isOff.value.filter((one) => one !== part)
      : [...isOff.value, part];
  };
  const label = place.project_id === undefined ? t('resetAll') : t('resetScope', placeName(place));
  const curl = () => void copy(adminCurl('POST', '/__admin/reset', { ...place, only }));
  return (
    <Panel id="restart" head={<Menu label={t('moreOf', t('restart'))} items={[['copyCurl', curl]]} />}>
      <p class="hint">{t('resetHint')}</p>
      <div class="grid2">{controls}</div>
      <fieldset class="checks">
        <legend class="soft">{t('whatToReset')}</legend>
        {RESET_PARTS.map((part) => (
          <label key={part} class="row">
            <input type="checkbox" checked={!isOff.value.includes(part)} onChange={() => toggle(part)} />
            {t(`part_${part}`)}
          </label>
        ))}
      </fieldset>
      <Button
        sign={label}
        class="danger"
        disabled={only.length === 0}
        onClick={() => void reset(place, only)}
      />
    </Panel>
  );
}

function Settings() {
  const settings = Object.entries(overview.value?.settings ?? {});
  const facts = settings.map(([name, value]) => [name, textOf(value)] as const);
  return (
    <Panel id="settings">
      <Facts facts={facts} />
    </Panel>
  );
}
