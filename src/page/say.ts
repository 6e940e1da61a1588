/** One line at the foot of the page, read out to those who hear it. */
import { byId, setText } from './dom.ts';

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something for a few seconds, above whatever is open. */
export function say(text: string): void {
  const line = byId('say');
  hush();
  setText(line, text);
  // What was shown last is on top, of a dialog too.
  line.showPopover();
  timer = setTimeout(hush, 6000);
}

function hush(): void {
  clearTimeout(timer);
  const line = byId('say');
  if (line.matches(':popover-open')) line.hidePopover();
  setText(line, '');
}

/** Does something that the mock may refuse, and says so when it does. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    say(cause instanceof Error ? cause.message : String(cause));
  }
}
