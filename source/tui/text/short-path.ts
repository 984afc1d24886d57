import {cleanText} from './clean.ts';

/** @returns The path as people write it: their own folder is `~`. */
export const shortPathOf = (path: string, home: string): string =>
	cleanText(home !== '' && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path);
