/** The board: four columns of cards; what changes its column glides there. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { TASK_STATUSES } from '../../tasks/kinds.ts';
import { isTerminal } from '../../tasks/lifecycle.ts';
import type { TaskStatus } from '../../tasks/task.ts';
import { address, partOf } from '../address.ts';
import type { Board, Card } from '../store.ts';
import { board, CARDS, followed, nowOf, offsets, openTask, setOffset, stepTask } from '../store.ts';
import { joined, number, placeName, span, type Text, t } from '../text.ts';
import { Button, STOP } from './controls.tsx';
import { useRoving } from './roving.ts';

/** More cards than this on the move are simply put in place. */
const MAX_GLIDING = 12;
const GLIDE_MS = 320;
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
let gliding = 0;

export function BoardView() {
  const root = useRef<HTMLDivElement>(null);
  const shown = board.value;
  useGlide(root, shown);
  return (
    <div id="board" class="board" tabIndex={-1} ref={root}>
      {TASK_STATUSES.map((status) => (
        <Column key={status} status={status} shown={shown} />
      ))}
    </div>
  );
}

/** Moves the cards that changed their column from where they were: measured before the drawing and after it. */
function useGlide(root: RefObject<HTMLDivElement | null>, shown: Board): void {
  const previous = useRef(shown);
  const find = (key: string) => root.current?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const keys = movedBetween(previous.current, shown);
  const isSeen = !reducedMotion.matches && keys.length + gliding <= MAX_GLIDING;
  const before = isSeen ? keys.map((key) => find(key)?.getBoundingClientRect()) : [];
  previous.current = shown;
  useLayoutEffect(() => {
    // Every place is read before the first is changed: a read in between would lay the page out each time.
    const items = before.map((_, at) => find(keys[at] ?? ''));
    const after = items.map((item) => item?.getBoundingClientRect());
    items.forEach((item, at) => {
      glide(item, before[at], after[at]);
    });
  }, [shown]);
}

function movedBetween(previous: Board, shown: Board): string[] {
  const was = new Map<string, TaskStatus>();
  for (const status of TASK_STATUSES) for (const { key } of previous.columns[status]) was.set(key, status);
  const isMoved = ({ key, task_status }: Card) => (was.get(key) ?? task_status) !== task_status;
  return TASK_STATUSES.flatMap((status) => shown.columns[status].filter(isMoved).map(({ key }) => key));
}

function glide(item?: Element | null, from?: DOMRect, to?: DOMRect): void {
  if (!item || !from || !to || (from.x === to.x && from.y === to.y)) return;
  gliding += 1;
  const start = `translate(${from.x - to.x}px, ${from.y - to.y}px)`;
  const frames = { transform: [start, 'none'], zIndex: ['2', '2'] };
  const animation = item.animate(frames, { duration: GLIDE_MS, easing: 'cubic-bezier(.2,.8,.2,1)' });
  animation.onfinish = animation.oncancel = () => {
    gliding -= 1;
  };
}

type ColumnProps = { readonly status: TaskStatus; readonly shown: Board };

function Column({ status, shown }: ColumnProps) {
  const total = shown.counts[status];
  const roving = useRoving<HTMLOListElement>();
  return (
    <section class={`column ${status}`} data-status={status} aria-label={t(status)}>
      <header>
        <h2>{t(status)}</h2>
        <span class="count">{number(total)}</span>
      </header>
      {total === 0 && <p class="none">{t('none')}</p>}
      <ol aria-label={t(status)} hidden={total === 0} {...roving}>
        {shown.columns[status].map((card) => (
          <TaskCard key={card.key} card={card} />
        ))}
      </ol>
      {total > CARDS && <Pages status={status} shown={shown} />}
    </section>
  );
}

function Pages({ status, shown: { counts, columns } }: ColumnProps) {
  const first = offsets.value[status];
  const total = counts[status];
  const turn = (sign: string, text: Text, by: number) => {
    const at = first + by;
    const label = `${t(status)}: ${t(text)}`;
    const go = () => setOffset(status, at);
    return <Button class="small" sign={sign} label={label} disabled={at < 0 || at >= total} onClick={go} />;
  };
  return (
    <footer>
      {turn('‹', 'previousPage', -CARDS)}
      <span>{t('range', number(first + 1), number(first + columns[status].length), number(total))}</span>
      {turn('›', 'nextPage', CARDS)}
    </footer>
  );
}

/** A line that is truncated where space is short; hovering over it shows the whole. */
const Line = ({ kind, text }: { kind: string; text: string }) => (
  <span class={kind} title={text}>
    {text}
  </span>
);

function TaskCard({ card }: { card: Card }) {
  const item = useRef<HTMLLIElement>(null);
  const isStepped = card.mode === 'manual' && !card.hold && !isTerminal(card.task_status);
  const label = `${t('stepTask')} ${card.task_id}`;
  const isFollowed = followed.value?.key === card.key;
  const isOpen = address.value.task === partOf(card, card.task_id);
  useLayoutEffect(() => {
    if (isFollowed) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isFollowed, card.task_status]);
  const marks = joined(' ', 'card', card.task_status, isFollowed ? 'followed' : '', isOpen ? 'open' : '');
  return (
    <li class={marks} data-task={card.task_id} data-key={card.key} ref={item}>
      <button type="button" onClick={() => openTask(card)} {...STOP}>
        <span class="kind">{t(card.task_type)}</span>
        <TimeLeft card={card} />
        {card.subject !== undefined && <Line kind="subject" text={card.subject} />}
        <Line kind="id" text={card.task_id} />
        <Line kind="where" text={placeName(card)} />
        {card.reason !== undefined && <span class="why">{card.reason}</span>}
        <Progress card={card} />
      </button>
      {isStepped && (
        <Button text="step" class="small step" label={label} onClick={() => stepTask(card)} {...STOP} />
      )}
    </li>
  );
}

const TimeLeft = ({ card }: { card: Card }) => <span class="left">{leftOf(card, nowOf(card))}</span>;

function Progress({ card }: { card: Card }) {
  const share = shareOf(card, nowOf(card));
  if (share === undefined) return null;
  return (
    <span class="bar">
      <i style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </span>
  );
}

/** What is left of the present state, in a few words. */
function leftOf(card: Card, nowMs: number): string {
  if (isTerminal(card.task_status))
    return card.project_id === undefined ? '' : t('ago', span(nowMs - Date.parse(card.entered_at)));
  if (card.hold) return t('onHold');
  if (card.mode === 'manual') return t('manualStep');
  if (card.reads_wanted !== undefined) return t('pollsSeen', card.reads ?? 0, card.reads_wanted);
  if (card.queued) return t('queued');
  const leftMs = card.due_at === undefined ? 0 : Date.parse(card.due_at) - nowMs;
  return leftMs <= 0 ? t('due') : t('left', span(leftMs));
}

/** How far a card has come, 0 to 1; undefined where nobody can know. */
function shareOf(card: Card, nowMs: number): number | undefined {
  const share = (part: number, whole: number) => (whole <= 0 ? 1 : Math.min(Math.max(part / whole, 0), 1));
  if (card.reads_wanted !== undefined) return share(card.reads ?? 0, card.reads_wanted);
  if (card.due_at === undefined || card.hold) return undefined;
  const enteredMs = Date.parse(card.entered_at);
  return share(nowMs - enteredMs, Date.parse(card.due_at) - enteredMs);
}
