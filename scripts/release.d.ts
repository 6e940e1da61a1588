export function versionOf(tag: string): { version: string; distTag: 'latest' | 'next' };
export function notesOf(changelog: string, heading: string): string;
export function withAbsoluteLinks(readme: string, repository: string, tag: string): string;
