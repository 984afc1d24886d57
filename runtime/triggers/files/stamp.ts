import {constants} from 'node:fs';
import {access, lstat} from 'node:fs/promises';

/** What tells one state of a file from another without reading it. */
export interface Stamp {
	readonly sizeBytes: number;
	/** Unix nanoseconds, as digits. */
	readonly mtimeNs: string;
	/** Also changes when it is renamed. */
	readonly ctimeNs: string;
	readonly inode: string;
}

/** A file is there, is gone, or nobody can tell. */
export type Sight = Stamp | 'gone' | 'unknown';

/** Links are not followed: they, and whatever else is no file, count as gone. */
export const sightOf = async (file: string): Promise<Sight> => {
	try {
		const found = await lstat(file, {bigint: true});
		if (!found.isFile()) return 'gone';
		return {
			sizeBytes: Number(found.size),
			mtimeNs: String(found.mtimeNs),
			ctimeNs: String(found.ctimeNs),
			inode: String(found.ino),
		};
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unknown';
	}
};

/** Whether a run of this user could read it. */
export const isReadable = (file: string): Promise<boolean> =>
	access(file, constants.R_OK).then(
		() => true,
		() => false,
	);

/** Whether nobody wrote to it. */
export const isSameContent = (one: Stamp, other: Stamp): boolean =>
	one.inode === other.inode && one.sizeBytes === other.sizeBytes && one.mtimeNs === other.mtimeNs;

/** When it was last written or renamed; Unix milliseconds. */
export const changedAtMs = ({ctimeNs}: Stamp): number => Number(BigInt(ctimeNs) / 1000n) / 1000;
