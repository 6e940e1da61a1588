/** How far a card has come: what is left of its state, in words and as a share. */
import { span, t } from './language.ts';
import type { Card } from './model.ts';

/** What is left of the present state, in a few words. */
export function leftOf(card: Card, nowMs: number): string {
  if (card.task_status === 'succeed' || card.task_status === 'failed')
    return card.project_id === undefined ? '' : t('ago', span(nowMs - card.enteredMs));
  if (card.hold) return t('held');
  if (card.mode === 'manual') return t('byHand');
  if (card.reads_wanted !== undefined) return t('reads', card.reads ?? 0, card.reads_wanted);
  if (card.queued) return t('inLine');
  if (card.dueMs === undefined || card.dueMs <= nowMs) return t('soon');
  return t('left', span(card.dueMs - nowMs));
}

/** How far a card has come, 0 to 1; undefined where nobody can say. */
export function shareOf(card: Card, nowMs: number): number | undefined {
  if (card.reads_wanted !== undefined)
    return card.reads_wanted === 0 ? 1 : Math.min((card.reads ?? 0) / card.reads_wanted, 1);
  if (card.dueMs === undefined || card.hold) return undefined;
  const whole = card.dueMs - card.enteredMs;
  return whole <= 0 ? 1 : Math.min(Math.max((nowMs - card.enteredMs) / whole, 0), 1);
}
