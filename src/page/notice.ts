/** The one line at the foot of the page: what went wrong, what was done. */
import { signal } from '@preact/signals';
import { type Text, t } from './text.ts';

const SHOWN_MS = 6000;
/** Who has something to press needs time for it. */
const SHOWN_WITH_ACTION_MS = 12_000;

/** What can be done about a notice. */
export interface Action {
  readonly text: Text;
  readonly run: () => void;
}
export const notice = signal<{ readonly text: string; readonly action?: Action } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a line for a few seconds. */
export function notify(text: string, action?: Action): void {
  clearTimeout(timer);
  notice.value = action === undefined ? { text } : { text, action };
  timer = setTimeout(dismiss, action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS);
}
export const dismiss = (): void => {
  notice.value = undefined;
};

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
