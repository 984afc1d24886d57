import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {grownFiles} from './grown.ts';

/** A Markdown file as people have them. */
export interface CollectedFile {
	/** From the root of somebody's folder. */
	readonly file: string;
	readonly bytes: Buffer;
}

const folder = import.meta.dirname;

/** Each `.txt` holds many short files; a line `=== path` begins the next. */
const writtenFiles: readonly CollectedFile[] = globSync('*.txt', {cwd: folder})
	.sort()
	.flatMap(name => {
		const [, ...parts] = readFileSync(path.join(folder, name), 'utf8').split(/^=== (.+)\n/m);
		return parts.flatMap((part, index) =>
			index % 2 === 0 ? [{file: part, bytes: Buffer.from(parts[index + 1]!)}] : [],
		);
	});

export const collection: readonly CollectedFile[] = [...writtenFiles, ...grownFiles(writtenFiles)];
