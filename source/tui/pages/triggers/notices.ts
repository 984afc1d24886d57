import path from 'node:path';
import {keyOf} from '../../keys/remap.ts';
import type {CockpitState} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {isArmingMissing} from './select.ts';

/** What keeps triggers of the workspace from firing, each with what mends it, the worst first. */
export const noticesOf = (state: CockpitState): readonly string[] => {
	const {fetched, workspace} = state;
	const known = fetched.triggers?.value;
	if (!known) return [];
	const own = known.workspaces.find(each => each.workspace === workspace);
	const notices: string[] = [];
	if (isArmingMissing(state)) notices.push('Nothing fires: nobody armed this workspace. `aiworkflow trust` does.');
	if (own?.waitsForTrust)
		notices.push('Nothing fires: files changed since somebody trusted them. Read them, then run `aiworkflow trust`.');
	for (const {file, message} of own?.invalid ?? [])
		notices.push(
			`${path.basename(file)} starts nothing (\`aiworkflow workflow validate\` tells all of it): ${message}`,
		);
	const {listener, webhooks = []} = known.webhooks ?? {};
	if (listener && !listener.isListening) {
		const why = listener.failure ?? 'nobody listens. `aiworkflow webhook start` does.';
		notices.push(`Webhooks start nothing: ${why}`);
	}

	for (const webhook of webhooks)
		if (webhook.workspace === workspace && webhook.state !== 'ready')
			notices.push(`${webhook.workflow} hears no webhook: ${webhook.detail ?? webhook.state}`);
	for (const {queue, isPaused, problem} of fetched.queues?.value ?? []) {
		if (isPaused)
			notices.push(`Queue ${queue} is not consumed: it is paused. \`aiworkflow queue worker ${queue} --resume\`.`);
		if (problem !== null) notices.push(`Queue ${queue} cannot be asked: ${problem}`);
	}

	const dead = (fetched.deadWebhooks?.value ?? []).filter(each => each.workspace === workspace);
	if (dead.length > 0) {
		const what = dead.length === 1 ? '1 webhook to others was' : `${dead.length} webhooks to others were`;
		notices.push(`${what} given up: ${keyOf('outbox', state)} shows which, and why.`);
	}

	for (const {workflow, failure} of fetched.workspace?.value?.triggerProblems ?? [])
		notices.push(`${workflow} may miss something: ${[failure.message, failure.suggestion].filter(Boolean).join(' ')}`);
	return notices;
};

/** @returns At most so many rows; what is left out is said. */
export const noticeRowsOf = (state: CockpitState, columns: number, rowsMax: number, {glyphs}: Look): readonly Row[] => {
	const rows = noticesOf(state).flatMap(notice =>
		wrap(cleanText(notice), columns - 4)
			.slice(0, rowsPerNotice)
			.map((text, index) => [span(` ${index === 0 ? glyphs.alert : ' '} `, 'alert'), span(text, 'alert')]),
	);
	if (rows.length <= rowsMax) return rows;
	const left = rows.length - rowsMax + 1;
	return [...rows.slice(0, rowsMax - 1), [span(`   ${left} more rows, on a higher screen`, 'alert')]];
};

const rowsPerNotice = 3;
