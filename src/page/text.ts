/** Texts in the present language, and how times, spans and numbers are written in it. */
import { language } from './preferences.ts';
import type { Place } from './store.ts';
import en from './texts/en.json' with { type: 'json' };
import zh from './texts/zh.json' with { type: 'json' };

/** The key of a text; both catalogues have the same. */
export type Text = keyof typeof en;
const CATALOGUES: Readonly<Record<'en' | 'zh', Readonly<Record<Text, string>>>> = { en, zh };

/** A text in the present language, its placeholders filled. */
export function t(text: Text, ...values: readonly (string | number)[]): string {
  return CATALOGUES[language.value][text].replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)] ?? ''));
}

const UNITS = { en: ['s', 'min', 'h', 'd'], zh: ['秒', '分', '小时', '天'] } as const;

/** A span of ms, short: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d`. */
export function span(ms: number): string {
  const abs = Math.max(ms, 0);
  const [s, min, h, d] = UNITS[language.value];
  if (abs < 9950) return `${(abs / 1000).toFixed(1)} ${s}`;
  const seconds = Math.round(abs / 1000);
  if (seconds < 60) return `${seconds} ${s}`;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60 === 0 ? '' : ` ${seconds % 60} ${s}`;
  if (minutes < 60) return `${minutes} ${min}${rest}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} ${h} ${minutes % 60} ${min}` : `${Math.floor(hours / 24)} ${d}`;
}

/** The time of day in UTC, as the mock writes its times. */
export const timeOfDay = (at: number | string, withMs = true): string =>
  new Date(at).toISOString().slice(11, withMs ? 23 : 19);
export const dateOf = (at: number | string): string => new Date(at).toISOString().slice(0, 10);
export const number = (value: number): string => value.toLocaleString('en-US').replaceAll(',', '\u2009');

/** The parts that are given, joined. */
export const joined = (separator: string, ...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(separator);

/** A value of JSON as a text; a text as it is. */
export const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

/** Where a task or a group is; without a project, it is seen everywhere. */
export const placeName = ({ project_id, instance_id }: Place): string =>
  project_id === undefined ? t('everyInstance') : joined(' / ', project_id, instance_id);
