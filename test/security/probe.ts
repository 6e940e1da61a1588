/** Watches what all objects inherit: a member that was not there at the start came in with a request. */
import { expect } from 'vitest';

/** Names that mean something to JavaScript. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

const SHARED: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Map.prototype,
  Promise.prototype,
];

const members = (): string[][] => SHARED.map((each) => Reflect.ownKeys(each).map(String));

/** A probe that holds the members as they are now. */
export function prototypeProbe(): { expectClean(): void } {
  const before = members();
  const empty = Object.freeze({}) as Record<string, unknown>;
  return {
    expectClean() {
      expect(empty['polluted']).toBeUndefined();
      expect(members()).toEqual(before);
    },
  };
}
