/**
 * How many connections there may be, so that they never take the last file descriptors: parts that are loaded
 * when first needed, the state file and uploads want some, and a part that could not be loaded once never is.
 */
import { readFileSync } from 'node:fs';

/** Descriptors reserved for other things than connections. */
const RESERVED = 64;

/** Where the system shows a process its limits; other systems than Linux have no such file, and no limit is set. */
const LIMITS_FILE = '/proc/self/limits';

/** The most connections that `limits`, the text of the system's file, allows. */
export function connectionsWithin(limits: string): number {
  const openFiles = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.max(openFiles - RESERVED, Math.floor(openFiles / 4), 1);
}

/** The most connections of this process. */
export function mostConnections(): number {
  try {
    return connectionsWithin(readFileSync(LIMITS_FILE, 'utf8'));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
