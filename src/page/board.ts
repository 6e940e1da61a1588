/** The board: four columns, cards that are moved and never made anew, at most one drawing a frame. */
import { leftOf, shareOf } from './card-times.ts';
import { button, byId, el, put, setText } from './dom.ts';
import { number, t } from './language.ts';
import {
  CARDS,
  type Card,
  cardsOf,
  look,
  nowOf,
  offsets,
  STATUSES,
  type Status,
  stateCounts,
} from './model.ts';
import { say } from './say.ts';

/** More cards than this on the move are simply put in place. */
const GLIDING = 12;
const GLIDE_MS = 320;
let gliding = 0;
let made = 0;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

interface Shown {
  readonly item: HTMLLIElement;
  readonly kind: HTMLElement;
  readonly left: HTMLElement;
  readonly bar: HTMLElement;
  readonly why: HTMLElement;
  readonly fill: HTMLElement;
  readonly step: HTMLButtonElement;
  card: Card;
  drawnAs: Status;
}
interface Column {
  readonly list: HTMLOListElement;
  readonly count: HTMLElement;
  readonly none: HTMLElement;
  readonly page: HTMLElement;
}

export interface BoardActions {
  readonly open: (card: Card) => void;
  readonly step: (card: Card) => void;
}

const columns = {} as Record<Status, Column>;
const shown = new Map<string, Shown>();
let actions: BoardActions;

/** Puts the empty columns in; again after a change of language. */
export function buildBoard(given: BoardActions): void {
  actions = given;
  shown.clear();
  put(byId('board'), ...STATUSES.map(buildColumn));
}

function buildColumn(status: Status): HTMLElement {
  const list = el('ol', { 'aria-label': t(status), tabindex: '0' });
  const count = el('span', { class: 'count' }, '0');
  const none = el('p', { class: 'none' }, t('none'));
  const page = el('footer', { hidden: true });
  columns[status] = { list, count, none, page };
  const head = el('header', {}, el('h2', {}, t(status)), count);
  return el(
    'section',
    { class: `column ${status}`, 'data-status': status, 'aria-label': t(status) },
    head,
    none,
    list,
    page,
  );
}

/** Draws what the model holds: what left goes, what moved glides, what is new comes. Says how many cards did. */
export function drawBoard(): number {
  const before = new Map<Shown, DOMRect>();
  const movers = findMovers();
  if (!calm.matches && movers.length + gliding <= GLIDING)
    for (const one of movers) before.set(one, one.item.getBoundingClientRect());
  const alive = new Set<string>();
  made = 0;
  for (const status of STATUSES) drawColumn(status, alive);
  for (const [key, one] of shown) {
    if (alive.has(key)) continue;
    one.item.remove();
    shown.delete(key);
  }
  // Every place is read before the first is changed: a read in between would lay the page out each time.
  const ways = Array.from(before, ([{ item }, from]) => ({ item, from, to: item.getBoundingClientRect() }));
  for (const way of ways) glideFrom(way);
  return movers.length + made;
}

const findMovers = (): Shown[] =>
  STATUSES.flatMap((status) =>
    Array.from(cardsOf(status)).flatMap((card) => {
      const one = shown.get(card.key);
      return one === undefined || one.card.task_status === status ? [] : [one];
    }),
  );

function drawColumn(status: Status, alive: Set<string>): void {
  const { list, count, none, page } = columns[status];
  const total = stateCounts()[status];
  setText(count, number(total));
  none.hidden = total > 0;
  list.hidden = total === 0;
  let at = list.firstChild;
  let drawn = 0;
  for (const card of cardsOf(status)) {
    alive.add(card.key);
    const item = draw(card).item;
    if (item === at) at = at.nextSibling;
    else list.insertBefore(item, at);
    drawn += 1;
  }
  drawPage(page, status, { total, drawn });
}

function drawPage(
  page: HTMLElement,
  status: Status,
  { total, drawn }: { total: number; drawn: number },
): void {
  page.hidden = total <= CARDS;
  if (page.hidden) return;
  const first = offsets[status];
  const label = t('of', number(first + 1), number(first + drawn), number(total));
  if (page.dataset['label'] === label) return;
  page.dataset['label'] = label;
  const go = (by: number) => (): void => {
    offsets[status] = Math.max(first + by, 0);
    void look();
  };
  const turn = (text: string, word: 'earlier' | 'later', by: number, off: boolean) =>
    button(text, go(by), { class: 'small', 'aria-label': `${t(status)}: ${t(word)}`, disabled: off });
  put(
    page,
    turn('‹', 'earlier', -CARDS, first === 0),
    el('span', {}, label),
    turn('›', 'later', CARDS, first + CARDS >= total),
  );
}

function draw(card: Card): Shown {
  const known = shown.get(card.key);
  if (known !== undefined) {
    if (known.card === card && known.drawnAs === card.task_status) return known;
    known.card = card;
    known.drawnAs = card.task_status;
    const look = `card ${card.task_status}`;
    if (known.item.className !== look) known.item.className = look;
    const stepped = isStepped(card);
    if (known.step.hidden === stepped) known.step.hidden = !stepped;
    tickCard(known);
    return known;
  }
  const one = make(card);
  made += 1;
  shown.set(card.key, one);
  tickCard(one);
  return one;
}

const isStepped = (card: Card): boolean =>
  card.mode === 'manual' &&
  !card.hold &&
  (card.task_status === 'waiting' || card.task_status === 'processing');

function make(card: Card): Shown {
  const kind = el('span', { class: 'kind' }, t(card.task_type));
  const left = el('span', { class: 'left' });
  const fill = el('i');
  const bar = el('span', { class: 'bar' }, fill);
  const where = card.project_id === undefined ? t('everywhere') : `${card.project_id} / ${card.instance_id}`;
  const why = el('span', { class: 'why', hidden: true });
  const main = el(
    'button',
    { type: 'button', on: { click: () => actions.open(one.card) } },
    kind,
    left,
    el('span', { class: 'id', title: card.task_id }, card.task_id),
    el('span', { class: 'where', title: where }, where),
    why,
    bar,
  );
  const step = button(t('step'), () => actions.step(one.card), {
    class: 'small step',
    'aria-label': `${t('stepTask')} ${card.task_id}`,
    hidden: !isStepped(card),
  });
  const item = el('li', { class: `card ${card.task_status}`, 'data-task': card.task_id }, main, step);
  const one: Shown = { item, kind, left, bar, why, fill, step, card, drawnAs: card.task_status };
  return one;
}

function glideFrom({ item, from, to }: { item: HTMLElement; from: DOMRect; to: DOMRect }): void {
  if (!item.isConnected || (from.x === to.x && from.y === to.y)) return;
  gliding += 1;
  const glide = item.animate(
    [
      { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)`, zIndex: 2 },
      { transform: 'none', zIndex: 2 },
    ],
    { duration: GLIDE_MS, easing: 'cubic-bezier(.2,.8,.2,1)' },
  );
  glide.onfinish = glide.oncancel = () => {
    gliding -= 1;
  };
}

/** Writes the time left of each card anew. */
export function tick(): void {
  for (const one of shown.values()) tickCard(one);
}

function tickCard({ card, left, bar, why, fill }: Shown): void {
  const nowMs = nowOf(card);
  if (card.reason !== undefined && why.hidden) {
    why.hidden = false;
    setText(why, card.reason);
  }
  setText(left, leftOf(card, nowMs));
  const share = shareOf(card, nowMs);
  const hidden = share === undefined;
  if (bar.hidden !== hidden) bar.hidden = hidden;
  const scale = hidden ? '' : `scaleX(${share.toFixed(3)})`;
  if (fill.style.transform !== scale) fill.style.transform = scale;
}

/** Says that a task that one looks at has moved. */
export function sayMoved(card: { task_id: string; task_status: Status }): void {
  say(t('moved', card.task_id, t(card.task_status)));
}
