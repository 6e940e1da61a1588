/** Events inside the mock: who listens hears, in order, until it no longer listens. */
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src/core/emitter.ts';

describe('an emitter', () => {
  it('calls its listeners in the order they subscribed, until they unsubscribe', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const stop = emitter.on((event) => void heard.push(`a${event}`));
    emitter.on((event) => void heard.push(`b${event}`));
    emitter.emit(1);
    stop();
    stop();
    emitter.emit(2);
    expect(heard).toEqual(['a1', 'b1', 'b2']);
  });

  it('knows whether anyone listens', () => {
    const emitter = new Emitter<number>();
    expect(emitter.listened).toBe(false);
    const stop = emitter.on(() => {});
    expect(emitter.listened).toBe(true);
    stop();
    expect(emitter.listened).toBe(false);
    emitter.emit(1);
  });

  it('lets a listener stop itself while it is called', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    const stop = emitter.on((event) => {
      heard.push(event);
      stop();
    });
    emitter.on((event) => void heard.push(event * 10));
    emitter.emit(1);
    emitter.emit(2);
    expect(heard).toEqual([1, 10, 20]);
  });
});
