/** Buttons, fields and forms. */
import { type Signal, useSignal } from '@preact/signals';
import type { InputHTMLAttributes, RenderableProps } from 'preact';
import { useRef } from 'preact/hooks';
import { copy } from '../notice.ts';
import { otherTheme, toggleLanguage, toggleTheme } from '../preferences.ts';
import { type Text, t } from '../text.ts';

/** Reads the controls of a form by name; one that is not there reads as ''. */
export type Values = (name: string) => string;

function valuesOf(form: HTMLFormElement | null): Values {
  const data = form === null ? new FormData() : new FormData(form);
  return (name) => String(data.get(name) ?? '');
}

type FormProps = RenderableProps<{ readonly class?: string; readonly onSubmit: (values: Values) => void }>;

/** A form that the page handles. */
export function Form({ onSubmit, ...rest }: FormProps) {
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    onSubmit(valuesOf(event.currentTarget));
  };
  return <form {...rest} onSubmit={submit} />;
}

interface ButtonProps {
  readonly text?: Text;
  /** What it shows in place of a text of the catalogue. */
  readonly sign?: string;
  readonly id?: string;
  readonly class?: string;
  readonly label?: string | undefined;
  readonly disabled?: boolean;
  /** Of a list that is one Tab stop. */
  readonly 'data-stop'?: true;
  readonly tabIndex?: number;
  /** Gets the values of the form around it. */
  readonly onClick: (values: Values) => void;
}

export const Button = ({ text, sign, label, onClick, ...rest }: ButtonProps) => (
  <button
    {...rest}
    type="button"
    aria-label={label}
    onClick={({ currentTarget }) => onClick(valuesOf(currentTarget.form))}
  >
    {text === undefined ? sign : t(text)}
  </button>
);

/** What a button of such a list has. */
export const STOP = { 'data-stop': true, tabIndex: -1 } as const;

type MenuItem = readonly [text: Text, run: (values: Values) => void];

/** What else can be done with a row or a form: a button that opens a list. */
export function Menu({ label, items, stop }: { label: string; items: readonly MenuItem[]; stop?: boolean }) {
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = useSignal(false);
  const open = () => {
    const { bottom = 0, right = 0 } = button.current?.getBoundingClientRect() ?? {};
    list.current?.showPopover();
    const { offsetWidth = 0, offsetHeight = 0, style } = list.current ?? {};
    if (style) style.left = `${Math.max(right - offsetWidth, 8)}px`;
    if (style) style.top = `${Math.min(bottom + 4, innerHeight - offsetHeight - 8)}px`;
    list.current?.querySelector('button')?.focus();
  };
  const item = ([text, run]: MenuItem) => {
    const choose = () => {
      list.current?.hidePopover();
      button.current?.focus();
      run(valuesOf(button.current?.form ?? null));
    };
    return (
      <button key={text} type="button" role="menuitem" onClick={choose}>
        {t(text)}
      </button>
    );
  };
  const move = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[(at + by + items.length) % items.length]?.focus();
  };
  return (
    <>
      <button
        {...(stop ? STOP : {})}
        type="button"
        class="small ghost more"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-label={label}
        onClick={open}
      >
        ⋯
      </button>
      <div
        class="menu"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        ref={list}
        onKeyDown={move}
        onToggle={({ newState }) => {
          isOpen.value = newState === 'open';
        }}
      >
        {items.map(item)}
      </div>
    </>
  );
}

/** Copies a command, inside a form one from its values; a short sign is spelled out for those who hear it. */
export const CopyButton = (props: { command: (values: Values) => string; sign?: string }) => {
  const { command, sign = t('copyCurl') } = props;
  const label = sign === 'curl' ? t('copyCurl') : undefined;
  return <Button class="small" sign={sign} label={label} onClick={(values) => void copy(command(values))} />;
};

type SubmitProps = { text: Text; autofocus?: boolean; id?: string; class?: string };
export const Submit = ({ text, class: kind = 'primary', ...rest }: SubmitProps) => (
  <button type="submit" class={kind} {...rest}>
    {t(text)}
  </button>
);

type FieldProps = { readonly label: Text; readonly wide?: boolean | undefined };

/** What is wrong with a field, below it. */
export const Problem = ({ id, text }: { id: string; text: string | undefined }) =>
  text === undefined ? null : (
    <span id={id} class="problem" role="alert">
      {text}
    </span>
  );

const Field = ({ label, wide, children }: RenderableProps<FieldProps>) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
  <label class={wide ? 'field wide' : 'field'}>
    {t(label)}
    {children}
  </label>
);

type InputProps = FieldProps & InputHTMLAttributes & { readonly problem?: string | undefined };
export const Input = ({ label, wide, problem, ...rest }: InputProps) => {
  const id = `${label}-problem`;
  const marks = problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': id };
  return (
    <Field label={label} wide={wide}>
      <input {...rest} {...marks} />
      <Problem id={id} text={problem} />
    </Field>
  );
};

type NumberProps = FieldProps & {
  name: string;
  min: number;
  max?: number;
  defaultValue?: number | undefined;
};
/** A whole number; where it starts with none, it may be left out. */
export const NumberInput = ({ defaultValue, ...rest }: NumberProps) => (
  <Input type="number" defaultValue={defaultValue} placeholder={t('always')} {...rest} />
);

/** Each with its label, or one that reads as it is. */
export type Options<V extends string> = readonly (V | readonly [value: V, label: string])[];
interface SelectProps<V extends string> {
  readonly options: Options<V>;
  readonly name?: string;
  /** For those who hear it, where nothing beside it labels it. */
  readonly hint?: string;
  /** Without one, the control has its own value. */
  readonly value?: V;
  readonly onChange?: (value: V) => void;
  /** What holds the value and takes the choice, in place of the two. */
  readonly bound?: Signal<V>;
}

/** A choice; the present value stays choosable when it is not in the list. */
export function Select<V extends string>({ options, name, hint, bound, ...props }: SelectProps<V>) {
  const value = bound?.value ?? props.value;
  const isListed = value === undefined || options.some((one) => one === value || one[0] === value);
  const choose = ({ currentTarget }: { currentTarget: HTMLSelectElement }) => {
    const chosen = currentTarget.value as V;
    if (bound !== undefined) bound.value = chosen;
    props.onChange?.(chosen);
  };
  const option = (one: Options<V>[number]) => {
    const [chosen, label] = typeof one === 'string' ? [one, one] : one;
    return <option value={chosen}>{label}</option>;
  };
  return (
    <select name={name} aria-label={hint} value={value} onChange={choose}>
      {(isListed ? options : [...options, value]).map(option)}
    </select>
  );
}

export const Choice = <V extends string>({ label, wide, ...rest }: FieldProps & SelectProps<V>) => (
  <Field label={label} wide={wide}>
    <Select {...rest} />
  </Field>
);

/** The buttons for language and theme, which both pages have. */
export function LanguageAndTheme() {
  const label = `${t('switchTheme')}: ${t(otherTheme.value)}`;
  return (
    <>
      <Button id="language" class="ghost" text="switchLanguage" onClick={toggleLanguage} />
      <Button id="theme" class="ghost" text={otherTheme.value} label={label} onClick={toggleTheme} />
    </>
  );
}
