/** The language of the page, its colours, and how it writes times and spans. */
import { WORDS, type Word } from './words.ts';

type Language = 'en' | 'zh';

const KEYS = { language: 'apig-mock.language', theme: 'apig-mock.theme' };

/** What a browser lets a page remember; some let it remember nothing. */
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is as it was the next time.
  }
}

let language: Language = (remembered(KEYS.language) ?? navigator.language).toLowerCase().startsWith('zh')
  ? 'zh'
  : 'en';

/** The word for a thing, its gaps filled. */
export function t(word: Word, ...values: readonly (string | number)[]): string {
  const text: string = WORDS[word][language === 'zh' ? 1 : 0];
  return text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ''));
}

/** Fills the frame: texts by `data-t`, labels by `data-t-label`. */
export function speak(): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll<HTMLElement>('[data-t]'))
    node.textContent = t(node.dataset['t'] as Word);
  for (const node of document.querySelectorAll<HTMLElement>('[data-t-label]'))
    node.setAttribute('aria-label', t(node.dataset['tLabel'] as Word));
}

export function otherLanguage(): void {
  language = language === 'zh' ? 'en' : 'zh';
  remember(KEYS.language, language);
}

const wantsDark = matchMedia('(prefers-color-scheme: dark)');
export const isDark = (): boolean => document.documentElement.dataset['theme'] === 'dark';

/** Takes the colours that were chosen, else the system's, and follows the system while none are. */
export function dress(changed: () => void): void {
  const set = (): void => {
    document.documentElement.dataset['theme'] =
      remembered(KEYS.theme) ?? (wantsDark.matches ? 'dark' : 'light');
    changed();
  };
  wantsDark.addEventListener('change', set);
  set();
}

export function otherTheme(): void {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = theme;
  remember(KEYS.theme, theme);
}

const UNITS = { en: ['s', 'min', 'h', 'd'], zh: ['秒', '分', '小时', '天'] } as const;

/** A span of ms, short: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d`. */
export function span(ms: number): string {
  const abs = Math.max(ms, 0);
  const [s, min, h, d] = UNITS[language];
  if (abs < 9950) return `${(abs / 1000).toFixed(1)} ${s}`;
  const seconds = Math.round(abs / 1000);
  if (seconds < 60) return `${seconds} ${s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} ${min}` : `${minutes} ${min} ${seconds % 60} ${s}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} ${h} ${minutes % 60} ${min}` : `${Math.floor(hours / 24)} ${d}`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** The time of day in UTC, as the mock writes its times. */
export function timeOfDay(ms: number, withMs = true): string {
  const date = new Date(ms);
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  return withMs ? `${clock}.${pad(date.getUTCMilliseconds(), 3)}` : clock;
}
export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const number = (value: number): string => value.toLocaleString('en-US').replaceAll(',', '\u2009');
