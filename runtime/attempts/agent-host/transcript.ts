import path from 'node:path';
import {withoutControls} from '../../../source/control-sequences.ts';
import type {AgentEvent} from '../../agents/adapter.ts';

/** The readable account of an attempt, as the cockpit shows it live. */
export interface Transcript {
	text(delta: string): void;
	tool(event: Extract<AgentEvent, {t: 'tool'}>): void;
	/** A line of our own: a question, an answer, a retry. */
	note(mark: string, line: string): void;
}

export const createTranscript = (write: (text: string) => void, workspace: string): Transcript => {
	const shown = new Map<string, 'begun' | 'ended'>();
	let isAtLineStart = true;

	const line = (mark: string, content: string) => {
		write(`${isAtLineStart ? '' : '\n'}${mark} ${oneLine(content)}\n`);
		isAtLineStart = true;
	};

	return {
		text(delta) {
			if (delta === '') return;
			write(delta);
			isAtLineStart = delta.endsWith('\n');
		},
		tool(event) {
			const {id, status} = event;
			const isEnded = status === 'completed' || status === 'failed';
			// Some agents name what a tool works on only once it runs.
			const isTold = event.paths.length > 0 || (event.title !== '' && status !== 'pending');
			if (!shown.has(id) && (isTold || isEnded)) {
				shown.set(id, 'begun');
				line('●', toolLabel(event, workspace));
			}

			if (!isEnded || shown.get(id) === 'ended') return;
			shown.set(id, 'ended');
			if (status === 'failed') line('✗', `${toolLabel(event, workspace)} failed`);
		},
		note: line,
	};
};

/** @returns `edit src/x.ts` where the place is known, else what the agent calls it. */
const toolLabel = ({kind, title, paths}: Extract<AgentEvent, {t: 'tool'}>, workspace: string): string => {
	const verb = kind === '' || kind === 'other' ? 'tool' : kind;
	const places = paths.map(file => shortPath(file, workspace)).join(' ');
	return places ? `${verb} ${places}` : `${verb} ${title}`.trim();
};

const shortPath = (file: string, workspace: string) => {
	const relative = path.relative(workspace, file);
	return relative === '' || relative.startsWith('..') ? file : relative;
};

const lineCharactersMax = 300;

/** An agent must not paint our screen with a title. */
const oneLine = (text: string) => withoutControls(text).replaceAll(/\s+/g, ' ').trim().slice(0, lineCharactersMax);
