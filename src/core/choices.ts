/** The choices that imports and exports offer, the default first: data alone, which the page and the commands share. */

/** What happens to what exists already. */
export const MODES = ['merge', 'override'] as const;
/** How much of each API is exported. */
export const DEFINES = ['spec', 'proxy', 'all', 'dev'] as const;
export const FILE_TYPES = ['json', 'yaml', 'yml'] as const;
export const OAS_VERSIONS = ['2.0', '3.0'] as const;
/** What a reset takes back. */
export const RESET_PARTS = ['tasks', 'apis', 'journal', 'faults', 'plans', 'clock'] as const;
