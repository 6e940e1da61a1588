/** Set-up of the project `slow-path`: no poll takes the fast path, so that Fastify handles what the fast path would. */
import { vi } from 'vitest';

vi.mock(import('../../src/http/fast-path.ts'), async (original) => ({
  ...(await original()),
  fastPathOf: () => () => false,
}));
