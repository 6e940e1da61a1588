/** The dashboard: puts the parts in, follows the mock, draws at most once a frame. */
import type { MockEvent } from '../control/events.ts';
import { onTokenWanted } from './api.ts';
import { buildBoard, drawBoard, tick } from './board.ts';
import { drawClock, tickClock } from './clock.ts';
import { byId, setText } from './dom.ts';
import { buildFaults, refreshFaults } from './faults.ts';
import { drawFilters, drawSettings, drawWorkers } from './filters.ts';
import { drawGroups } from './groups.ts';
import { buildJournal, refreshJournal } from './journal.ts';
import { dress, isDark, otherLanguage, otherTheme, speak, t } from './language.ts';
import { askAdminToken } from './login.ts';
import { type Card, lastEventId, lookAfresh, lookSoon, onChange, overview, takeEvents } from './model.ts';
import { buildPlan, refreshPlans } from './plan.ts';
import { attempt } from './say.ts';
import { openStory, refreshStory, stepTask, storyOf } from './story.ts';
import { follow } from './stream.ts';
import { catchDrops, openUpload } from './upload.ts';

const TICK_MS = 250;
/** Requests make no event: they are looked for as often as this while the page is seen. */
const JOURNAL_MS = 2000;

let link: 'connecting' | 'live' | 'lost' = 'connecting';
let wanted: 'cards' | 'all' | undefined;
let restUntilMs = 0;

/** Draws with the next frame, whatever else changes until then with it; in a storm the page rests in between. */
function drawSoon(what: 'cards' | 'all'): void {
  const restMs = restUntilMs - performance.now();
  if (wanted === undefined) {
    if (restMs > 0) setTimeout(() => requestAnimationFrame(drawNow), restMs);
    else requestAnimationFrame(drawNow);
  }
  wanted = wanted === 'all' ? 'all' : what;
}

/** So many cards moved with one drawing are a storm: then the page draws ten times a second, and rests between. */
const STORM = 6;
const STORM_REST_MS = 100;

function drawNow(): void {
  const what = wanted;
  wanted = undefined;
  const moved = drawBoard();
  if (what === 'all') drawRest();
  restUntilMs = performance.now() + (moved >= STORM ? STORM_REST_MS : 0);
}

/** The parts that follow a look at everything. */
function drawRest(): void {
  setText(byId('version'), overview()?.version ?? '');
  drawFilters(filterChanged);
  drawWorkers();
  drawClock();
  drawGroups();
  drawSettings();
  void refreshJournal().catch(() => {});
  void refreshStory().catch(() => {});
}

function filterChanged(): void {
  buildFaults();
  drawFilters(filterChanged, true);
  drawClock(true);
  drawGroups(true);
  drawSettings(true);
  void refreshJournal(true).catch(() => {});
}

function showLink(state: typeof link): void {
  link = state;
  const box = byId('link');
  box.className = `link ${state}`;
  setText(box, t(state));
}

function labelTools(): void {
  setText(byId('language'), t('languageLabel'));
  setText(byId('theme'), t(isDark() ? 'light' : 'dark'));
  byId('theme').setAttribute('aria-label', `${t('themeLabel')}: ${t(isDark() ? 'light' : 'dark')}`);
}

/** Puts every part in anew, in the present language. */
function build(): void {
  speak();
  showLink(link);
  labelTools();
  buildBoard({ open: (card: Card) => openStory(card), step: (card: Card) => stepTask(card) });
  buildJournal();
  buildFaults();
  buildPlan();
  if (overview() === undefined) return;
  filterChanged();
  drawSoon('all');
  void refreshStory(true).catch(() => {});
}

function listen(): void {
  byId('language').addEventListener('click', () => {
    otherLanguage();
    build();
  });
  byId('theme').addEventListener('click', () => {
    otherTheme();
    labelTools();
  });
  byId('import').addEventListener('click', () => openUpload());
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('visibilitychange', lookSoon);
}

/** The rules that stand are read when they changed, and with every fresh start. */
function rulesToo(events: readonly MockEvent[]): void {
  const types = new Set(events.map(({ type }) => type));
  const anew = types.has('reset') || types.has('restored') || types.has('skipped');
  if (anew || types.has('faults')) void attempt(refreshFaults);
  if (anew || types.has('plan')) void attempt(refreshPlans);
}

dress(labelTools);
build();
listen();
catchDrops();
onTokenWanted(askAdminToken);
onChange(drawSoon);
setInterval(() => {
  if (document.hidden) return;
  tick();
  tickClock();
}, TICK_MS);
setInterval(() => {
  if (document.hidden || link !== 'live') return;
  lookSoon();
  void refreshFaults().catch(() => {});
}, JOURNAL_MS);
void follow({
  after: lastEventId,
  link: showLink,
  async look() {
    await lookAfresh();
    await Promise.all([refreshFaults(), refreshPlans()]);
  },
  events(events) {
    takeEvents(events);
    rulesToo(events);
    storyOf(new Set(events.map((event) => (event.type === 'task' ? event.task_id : ''))));
  },
});
