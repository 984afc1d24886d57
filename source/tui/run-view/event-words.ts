import type {Paint} from '../../cli/colour.ts';
import type {Pen} from '../../cli/progress/pen.ts';
import {runLines} from '../../cli/progress/run-lines.ts';
import {stepLines} from '../../cli/progress/step-lines.ts';
import {undoLines} from '../../cli/progress/undo-lines.ts';
import type {JournalEvent} from '../../run/events.ts';
import type {RunState} from '../../run/state.ts';
import {cleanText} from '../text/clean.ts';
import {subjectOf} from './past.ts';

/** What an event says: the same words as `aiworkflow runs watch`. */
export interface EventWords {
	/** One of the glyphs of those lines. */
	readonly glyph: string;
	/** The step or item; empty where it is about the run. */
	readonly name: string;
	readonly words: string;
}

/** @param run The run with the event folded in. */
export const eventWordsOf = (event: JournalEvent, run: RunState): EventWords => {
	const known = remembered.get(event);
	if (known) return known;
	const lines = stepLines(event, run, pen) ?? runLines(event, run, pen) ?? undoLines(event, pen) ?? [];
	const [first, ...rest] = lines;
	const [glyph = '·', name = '', words = ''] = first?.split(separator) ?? ['·', subjectOf(event), ownWordsOf(event)];
	const more = rest.map(line => line.replaceAll(separator, ' ').trim());
	const said = {glyph, name: cleanText(name), words: cleanText([words, ...more].filter(Boolean).join('; '))};
	remembered.set(event, said);
	return said;
};

const remembered = new WeakMap<JournalEvent, EventWords>();

/** No text of an event has it: controls are taken out of all of them. */
const separator = '\0';
const asIs = (text: string): string => text;
const paint: Paint = {bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs, cyan: asIs};
const pen: Pen = {
	paint,
	isVerbose: true,
	step: (glyph, name, ...facts) => [glyph, name, facts.filter(Boolean).join('  ')].join(separator),
	run: (glyph, ...facts) => [glyph, '', facts.filter(Boolean).join('  ')].join(separator),
};

/** Of what plain lines leave out. */
const ownWordsOf = (event: JournalEvent): string => {
	switch (event.type) {
		case 'run.created':
			return `accepted; ${event.body.origin.by} asked for it (${event.body.origin.via})`;
		case 'run.started':
			return 'begins';
		case 'agent.session-started':
			return `${event.body.agent.id} opened a session${event.body.agent.model ? ` with ${event.body.agent.model}` : ''}`;
		case 'approval.withdrawn':
			return `the question is moot: ${event.body.reason}`;
		case 'budget.waived':
			return `${event.body.origin.by} allowed ${event.body.agent}, whose cost is unknown`;
		case 'item.completed':
			return 'done';
		case 'step.cancelled':
			return 'stopped, the run goes on without it';
		default:
			return event.type.replaceAll(/[.-]/g, ' ');
	}
};
