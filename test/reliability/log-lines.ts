/** A log that records its lines for a test. */
import type { Log } from '../../src/core/logger.ts';

export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

export function logLines(): Log & { readonly lines: Line[]; clear(): void } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, msg: string) => void lines.push({ ...fields, level, msg });
  return {
    lines,
    clear: () => void lines.splice(0),
    isLevelEnabled: () => true,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
