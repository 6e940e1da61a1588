/** The packaged seed: the five examples of the provider's page. A test holds it against the schema of seed files. */
import documented from '../../fixtures/tasks/documented.json' with { type: 'json' };
import type { SeedFile } from './seed.ts';

export const documentedSeed = documented as SeedFile;
