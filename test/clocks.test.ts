/** Which clock governs which project and instance. */
import { describe, expect, it } from 'vitest';
import { Clock } from '../src/clock.ts';
import { Clocks } from '../src/clocks.ts';

const START_MS = Date.UTC(2026, 0, 1);
const clocks = () => new Clocks(new Clock('manual', START_MS));

describe('clocks', () => {
  it('are the main one until a part gets its own', () => {
    const all = clocks();
    expect(all.of('p1', 'i1')).toBe(all.main);
    expect(all.get('p1')).toBeUndefined();
  });

  it('are found from narrow to wide: instance, project, main', () => {
    const all = clocks();
    const project = all.ensure('p1');
    const instance = all.ensure('p1', 'i1');
    expect(all.of('p1', 'i1')).toBe(instance);
    expect(all.of('p1', 'i2')).toBe(project);
    expect(all.of('p2', 'i1')).toBe(all.main);
    expect(all.ensure('p1', 'i1')).toBe(instance);
  });

  it('start as the clock that governed the part so far', async () => {
    const all = clocks();
    const project = all.ensure('p1');
    await project.advance(500);
    const instance = all.ensure('p1', 'i1');
    expect(instance.now()).toBe(START_MS + 500);
    expect(all.ensure('p2').now()).toBe(START_MS);
    await instance.advance(1);
    expect([project.now(), all.main.now()]).toEqual([START_MS + 500, START_MS]);
  });

  it('are dropped by instance, or by project with all its instances, and not by a like name', () => {
    const all = clocks();
    for (const [project, instance] of [['p1'], ['p1', 'i1'], ['p1', 'i2'], ['p10'], ['p10', 'i1']] as const)
      all.ensure(project, instance);
    all.drop('p1', 'i1');
    expect([...all.entries()].map(([key]) => key)).toEqual(['p1', 'p1/i2', 'p10', 'p10/i1']);
    all.drop('p1');
    expect([...all.entries()].map(([key]) => key)).toEqual(['p10', 'p10/i1']);
  });

  it('fire nothing more once stopped', async () => {
    const all = clocks();
    const own = all.ensure('p1');
    const fired: string[] = [];
    for (const clock of [all.main, own]) {
      clock.schedule(START_MS + 1, (name: string) => void fired.push(name), 'a');
    }
    all.stop();
    await Promise.all([all.main.advance(10), own.advance(10)]);
    expect(fired).toEqual([]);
  });
});
