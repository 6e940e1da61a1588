/** First set-up of files that share a process: what the file before has loaded of ours is loaded anew. */
import { vi } from 'vitest';

vi.resetModules();
