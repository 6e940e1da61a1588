/** Types of chromium.js, for tests. */
import type { Browser } from 'playwright-core';

export function findChromium(): string | undefined;
export function startChromium(executablePath?: string): Promise<Browser>;
