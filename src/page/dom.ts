/** Elements without markup: text goes in as text, whatever it holds. */

export type Child = Node | string | number | false | undefined;

export interface Props {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [attribute: string]: unknown;
}

/** Makes an element; `true` sets an attribute without a value, `false` and undefined leave it out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value as NonNullable<Props['on']>))
        element.addEventListener(event, listener);
    } else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  put(element, ...children);
  return element;
}

/** Replaces what an element holds. */
export function put(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(
    ...children
      .filter((child): child is Node | string | number => child !== undefined && child !== false)
      .map((child) => (typeof child === 'number' ? String(child) : child)),
  );
}

/** The element of this id; the frame has it. */
export const byId = <E extends HTMLElement = HTMLElement>(id: string): E =>
  document.getElementById(id) as unknown as E;

/** Sets a text only where it differs: a write costs a layout. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export const button = (label: string, click: () => void, props: Props = {}): HTMLButtonElement =>
  el('button', { type: 'button', on: { click }, ...props }, label);

/** A labelled control. */
export const field = (label: string, control: HTMLElement, className = ''): HTMLLabelElement =>
  el('label', { class: `field ${className}` }, label, control);

/** A choice; the present value stays choosable when it is not in the list. */
export function select(
  options: readonly (readonly [value: string, label: string])[],
  value: string,
  props: Props = {},
): HTMLSelectElement {
  const known = options.some(([option]) => option === value)
    ? options
    : [...options, [value, value] as const];
  const control = el(
    'select',
    props,
    ...known.map(([option, label]) => el('option', { value: option }, label)),
  );
  control.value = value;
  return control;
}

/**
 * Fills a part of the page anew, unless someone is typing or choosing in it; the focused button, found by its
 * `data-k`, keeps the focus.
 */
export function refill(element: HTMLElement, ...children: readonly Child[]): void {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && element.contains(focused) ? focused.dataset['k'] : undefined;
  put(element, ...children);
  if (key !== undefined) element.querySelector<HTMLElement>(`[data-k="${CSS.escape(key)}"]`)?.focus();
}
