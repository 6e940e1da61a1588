/** The one line at the foot of the page: what went wrong, what was done. */
import { signal } from '@preact/signals';
import { t } from './text.ts';

const SHOWN_MS = 6000;
export const notice = signal<{ readonly text: string } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a line for a few seconds. */
export function notify(text: string): void {
  clearTimeout(timer);
  notice.value = { text };
  timer = setTimeout(() => {
    notice.value = undefined;
  }, SHOWN_MS);
}

/** Does something that the mock may reject, and shows the error when it does. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    notify(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Puts a text on the clipboard, where the browser allows it. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(t('copied'));
  } catch {
    notify(t('copyFailed'));
  }
}
