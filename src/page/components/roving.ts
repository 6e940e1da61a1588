/** Lists that are one Tab stop: arrows, Home and End move within them. */
import type { RefObject, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const STOPS = '[data-stop]';
type Stops = readonly HTMLElement[];

/** Where each key leads, from the stop at `at`. */
const KEYS: Readonly<Record<string, (stops: Stops, at: number) => HTMLElement | undefined>> = {
  ArrowDown: (stops, at) => nextLine(stops.slice(at), stops[at]),
  ArrowUp: (stops, at) => nextLine(stops.slice(0, at + 1).reverse(), stops[at]),
  ArrowRight: (stops, at) => stops[at + 1],
  ArrowLeft: (stops, at) => stops[at - 1],
  Home: (stops) => stops[0],
  End: (stops) => stops.at(-1),
};

/** What stands side by side is one line: a row of a table, a card. */
const lineOf = (stop: HTMLElement | undefined) => stop?.closest('tr, li') ?? stop;
const nextLine = (stops: Stops, from: HTMLElement | undefined) =>
  stops.find((stop) => lineOf(stop) !== lineOf(from));

/** Properties of a list whose `data-stop` elements, which have the tab index -1, are one Tab stop. */
export function useRoving<E extends HTMLElement>(): {
  readonly ref: RefObject<E | null>;
  readonly onKeyDown: (event: TargetedKeyboardEvent<E>) => void;
} {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    const root = ref.current;
    const first = root?.querySelector<HTMLElement>(STOPS);
    if (first && root?.querySelector(`${STOPS}[tabindex="0"]`) === null) first.tabIndex = 0;
  });
  const onKeyDown = (event: TargetedKeyboardEvent<E>) => {
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 ? undefined : KEYS[event.key]?.(stops, at);
    if (next === undefined) return;
    event.preventDefault();
    for (const stop of stops) stop.tabIndex = stop === next ? 0 : -1;
    next.focus();
  };
  return { ref, onKeyDown };
}
