/** Panels, tables, what stands beside a view, and what they hold. */
import type { ComponentChildren, RenderableProps } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Text, t } from '../text.ts';
import { Button } from './controls.tsx';
import { useRoving } from './roving.ts';

/** What scrolls can be reached by keys. */
export const SCROLLS = { tabIndex: 0 };

type PanelId = 'requests' | 'faults' | 'plan' | 'groups' | 'settings' | 'snapshots' | 'restart';

/** A part of the page with its title, and what stands beside that. */
export const Panel = ({ id, head, children }: RenderableProps<{ id: PanelId; head?: ComponentChildren }>) => (
  <section id={id} class="panel" aria-labelledby={`${id}-title`}>
    <div class="head">
      <h2 id={`${id}-title`}>{t(id)}</h2>
      {head}
    </div>
    {children}
  </section>
);

export const Block = ({ title, children }: RenderableProps<{ title: string }>) => (
  <section class="block" aria-label={title}>
    <h3>{title}</h3>
    {children}
  </section>
);

type BesideProps = RenderableProps<{
  readonly id: string;
  readonly title: string;
  readonly about?: string;
  readonly head?: ComponentChildren;
  readonly onClose: () => void;
}>;

/** What is open, beside its view; it takes the focus, and gives it back when it is closed. */
export function Beside({ id, title, about, head, onClose, children }: BesideProps) {
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    root.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside id={id} class="beside panel" aria-labelledby={`${id}-title`} tabIndex={-1} ref={root}>
      <div class="dialog-head">
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          {about && <p class="soft">{about}</p>}
        </div>
        {head}
        <Button text="close" class="small close" onClick={onClose} />
      </div>
      {children}
    </aside>
  );
}

export const StatusChip = ({ status }: { status: number }) => (
  <span class={`chip ${status >= 400 ? 'bad' : 'ok'}`}>{status}</span>
);

/** Terms and what they are. */
export const Facts = ({ facts }: { facts: readonly (readonly [term: string, text: string])[] }) => (
  <dl class="facts">
    {facts.map(([term, text]) => [<dt key={term}>{term}</dt>, <dd key={`${term} is`}>{text}</dd>])}
  </dl>
);

/** What a table holds in one place, and of which class it is. */
export type Cell = readonly [content: ComponentChildren, className?: string | undefined];

interface TableProps<R> {
  readonly label: string;
  readonly heads: readonly Text[];
  readonly rows: readonly R[];
  readonly keyOf?: (row: R) => string | number;
  readonly cells: (row: R) => readonly Cell[];
  /** Of a table whose rows have a button that opens them: whether this one is open. */
  readonly open?: (row: R) => boolean;
}

/** A table that scrolls, by keys too; its buttons are one Tab stop. Rows that come and go are identified by `keyOf`. */
export function Table<R>({ label, heads, rows, keyOf, cells, open }: TableProps<R>) {
  const roving = useRoving<HTMLDivElement>();
  const head = (text: Text) => <th scope="col">{t(text)}</th>;
  const cell = ([content, className]: Cell) => <td class={className}>{content}</td>;
  const scrolls = open === undefined ? SCROLLS : {};
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would need a heading
    <div class="scroll" {...scrolls} role="region" aria-label={label} {...roving}>
      <table>
        <thead>
          <tr>{heads.map(head)}</tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf?.(row) ?? at} class={open?.(row) ? 'open' : undefined}>
              {cells(row).map(cell)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
