import {lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ownMark} from './report.mjs';

/**
 * Writes a file inside a folder, whole or not at all.
 *
 * @returns The path relative to the folder, or the `problem` in a sentence; then nothing was written.
 */
export const writeInside = (folder, name, text) => {
	const target = path.resolve(folder, name);
	if (!isInside(path.resolve(folder), target)) return {problem: `The output "${name}" is not inside ${folder}.`};
	if (path.relative(folder, target).split(path.sep).includes('.git'))
		return {problem: `The output "${name}" is inside the folder of git itself.`};

	const parent = path.dirname(target);
	try {
		// A link inside the folder may lead out of it; seen before anything is made.
		const existing = nearestExisting(parent);
		if (!isInside(realpathSync(folder), path.join(realpathSync(existing), path.relative(existing, target))))
			return {problem: `The output "${name}" leads out of ${folder} through a link.`};
		const status = lstatSync(target, {throwIfNoEntry: false});
		if (status && !status.isFile()) return {problem: `The output "${name}" exists and is no ordinary file.`};
		if (status && !readFileSync(target, 'utf8').startsWith(ownMark)) {
			return {
				problem: `${name} exists and was not written by this workflow, so it stays as it is. Choose another file with \`--input output=…\`.`,
			};
		}

		mkdirSync(parent, {recursive: true});
		const temporary = path.join(parent, `.${path.basename(target)}.${process.pid}`);
		writeFileSync(temporary, text, {flag: 'wx'});
		renameSync(temporary, target);
	} catch (error) {
		return {problem: `${name} cannot be written: ${error.message}`};
	}

	return {file: path.relative(folder, target)};
};

const nearestExisting = folder =>
	lstatSync(folder, {throwIfNoEntry: false}) ? folder : nearestExisting(path.dirname(folder));

const isInside = (folder, target) => {
	const relative = path.relative(folder, target);
	return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
};
