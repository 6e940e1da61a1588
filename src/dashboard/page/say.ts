/** One line at the foot of the page, read out to those who hear it. */
import { byId, setText } from './dom.ts';

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something for a few seconds. */
export function say(text: string): void {
  setText(byId('say'), text);
  clearTimeout(timer);
  timer = setTimeout(() => setText(byId('say'), ''), 6000);
}

/** Does something that the mock may refuse, and says so when it does. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    say(cause instanceof Error ? cause.message : String(cause));
  }
}
