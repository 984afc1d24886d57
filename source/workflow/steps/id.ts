import {slug} from 'github-slugger';
import {canBeReferenced} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened} from '../yaml/tree.ts';

/** `Step 3: Fix it` → `fix-it`: the slug GitHub gives a heading, without its number. */
export const idOfHeading = (title: string): string =>
	slug(title.replace(/^(?:step\s+\d+\s*:|\d+\.)\s*(?=\S)/i, '').trim());

/** An id that no expression could name is reported. */
export const checkId = (report: Report, id: string, start: number, title: string, number: number): void => {
	if (canBeReferenced(id)) return;
	const message =
		id === ''
			? 'This step has no id: its heading has no letters.'
			: `No expression can name a step \`${shortened(id)}\`: an id begins with a letter and goes on with letters, digits, \`_\` and \`-\`.`;
	report.error(
		'step.id-invalid',
		start,
		message,
		`Give the step \`id: ${idLike(title, number)}\` in its \`yaml step\` fence.`,
	);
};

/** @returns What one could call it: `Prüfen` → `prufen`, `2nd pass` → `step-2nd-pass`. */
const idLike = (title: string, number: number): string => {
	const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
	const words = plain
		.replaceAll(/[^a-z0-9_]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 40);
	if (words === '') return `step-${number}`;
	return /^[a-z_]/.test(words) ? words : `step-${words}`;
};
