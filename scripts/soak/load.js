/** The clients at work: each goes on by itself; now and then all pause while the whole state is taken and put back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.js';
import { Line } from './line.js';
import { expectStatus, json, plain } from './requests.js';

const RESTORE_EVERY_MS = 1500;

export class Load {
  wrong = [];
  restores = 0;
  #clients;
  #port;
  #stopping = new AbortController();
  #pause;
  #restoreResponses = 0;

  constructor(port, count, seed) {
    this.#port = port;
    this.#clients = Array.from(
      { length: count },
      (_, at) => new Client(port, `soak-${at}`, seed * 1000 + at),
    );
  }

  get responses() {
    return this.#clients.reduce((sum, client) => sum + client.responses, this.#restoreResponses);
  }

  /** How often each thing was done. */
  get done() {
    const sums = { restore: this.restores };
    for (const { done } of this.#clients)
      for (const [name, count] of Object.entries(done)) sums[name] = (sums[name] ?? 0) + count;
    return sums;
  }

  /** Aborted when something was wrong, or it has to stop. */
  get signal() {
    return this.#stopping.signal;
  }

  /** Runs until stopped, or until something is wrong. */
  async run() {
    const guarded = (work) =>
      work.catch((cause) => {
        this.wrong.push(cause.message);
        this.stop();
      });
    await Promise.all([
      ...this.#clients.map((client) => guarded(this.#keepOn(client))),
      guarded(this.#restoring()),
    ]);
    for (const client of this.#clients) client.close();
  }

  stop() {
    this.#stopping.abort();
    this.#pause?.leave();
  }

  async #keepOn(client) {
    await client.begin();
    while (!this.signal.aborted) {
      await this.#pause?.enter();
      await client.act();
    }
    this.#pause?.gone();
  }

  async #restoring() {
    while (!this.signal.aborted) {
      await sleep(RESTORE_EVERY_MS, undefined, { signal: this.signal }).catch(() => {});
      if (this.signal.aborted) return;
      const pause = new Pause(this.#clients.length);
      this.#pause = pause;
      await pause.all;
      if (!this.signal.aborted) await this.#restore();
      this.#pause = undefined;
      pause.leave();
    }
  }

  /** What was taken is put back: every client goes on as if nothing had been. */
  async #restore() {
    const line = new Line(this.#port);
    let state = '';
    const take = (response) => {
      state = response.body;
      return response.status === 200 ? undefined : 'must be 200';
    };
    await line.send(plain('GET', '/__admin/state'), 1, take);
    await line.send(json('PUT', '/__admin/state', state), 1, expectStatus(204));
    this.restores += 1;
    this.#restoreResponses += line.responses;
    line.close();
  }
}

/** Where clients wait for each other. */
class Pause {
  #missing;
  #allHere;
  #goOn;
  #over = new Promise((resolve) => {
    this.#goOn = resolve;
  });
  all = new Promise((resolve) => {
    this.#allHere = resolve;
  });

  constructor(count) {
    this.#missing = count;
  }

  enter() {
    this.gone();
    return this.#over;
  }

  gone() {
    this.#missing -= 1;
    if (this.#missing === 0) this.#allHere();
  }

  leave() {
    this.#allHere();
    this.#goOn();
  }
}
