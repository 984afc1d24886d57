import {runNameOf} from '../../select.ts';
import type {CockpitState} from '../../state.ts';
import {cleanLine, cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {fitText, wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {dayTimeWords} from '../../times.ts';
import {shownWorkflowOf} from '../workflows/select.ts';
import {problemRowsOf} from '../workflows/source/rows.ts';
import {outcomeOf, standingOf} from './rows.ts';
import {runOfFiring, type TriggerItem} from './select.ts';

/** All that is known of a trigger; the last rows are those that can be missed most easily. */
export const triggerDetailRowsOf = (item: TriggerItem, state: CockpitState, columns: number, look: Look): Row[] => {
	const view = shownWorkflowOf(state);
	const rowsOf = (facts: readonly Fact[]) => facts.flatMap(([name, words]) => factRowsOf(name, words, columns));
	return [
		...rowsOf(factsOf(item, state)),
		...(item.state === 'invalid' && view ? problemRowsOf(view, columns, look) : []),
		...firingRowsOf(item, state, columns, look),
		...rowsOf(restOf(item, state)),
		...declaredRowsOf(item, state, columns),
	];
};

type Fact = readonly [name: string, words: string];

const factsOf = (item: TriggerItem, state: CockpitState): readonly Fact[] => {
	const {armed, schedule, webhook, queue} = item;
	const clock = (at: string) => dayTimeWords(Date.parse(at), state.nowMs);
	const facts: Fact[] = [
		['state', stateWordsOf(item, state)],
		['settings', armed && !schedule ? armed.settings : settingsWordsOf(item)],
	];
	if (webhook?.url) facts.push(['address', webhook.url]);
	if (queue) facts.push(['queue', queueWordsOf(queue)]);
	if (schedule && schedule.coming.length > 0)
		facts.push([item.state === 'armed' ? 'next' : 'would fire', schedule.coming.map(clock).join(', ')]);
	if (schedule && schedule.missed > 0)
		facts.push(['missed', `${countOf(schedule.missed, 'moment')} got no run: nobody was there to fire them`]);
	if (armed && armed.pending > 0) facts.push(['pending', `${countOf(armed.pending, 'firing')} with a run to come`]);
	return facts;
};

const restOf = ({armed, schedule}: TriggerItem, state: CockpitState): readonly Fact[] => {
	const facts: Fact[] = [];
	if (armed && armed.openRuns.length > 0)
		facts.push(['open runs', armed.openRuns.map(id => runWordsOf(id, state)).join(', ')]);
	if (schedule?.lastAt) facts.push(['last due', dayTimeWords(Date.parse(schedule.lastAt), state.nowMs)]);
	if (armed?.if) facts.push(['if', armed.if]);
	return facts;
};

const stateWordsOf = (item: TriggerItem, state: CockpitState): string => {
	const {words} = standingOf(item, state);
	const paused = item.schedule?.paused;
	if (paused) {
		const at = dayTimeWords(Date.parse(paused.at), state.nowMs);
		return `${words} by ${paused.by} at ${at}${paused.reason === null ? '' : `: ${paused.reason}`}`;
	}

	switch (item.state) {
		case 'unarmed':
			return `${words}: it fires when somebody armed the workspace, with \`aiworkflow trust\``;
		case 'untrusted':
			return `${words}: files changed since somebody trusted them; \`aiworkflow trust\` arms it again`;
		case 'invalid':
			return `${words}${item.problem === undefined ? '' : `: ${item.problem}`}`;
		default:
			return item.webhook?.detail ? `${words}: ${item.webhook.detail}` : words;
	}
};

const settingsWordsOf = ({schedule, settings}: TriggerItem): string => {
	if (!schedule) return settings;
	const {words, cron, timezone, overlap, catchUp} = schedule;
	return `${words === null ? cron : `${words} (${cron})`} in ${timezone}; overlap: ${overlap}; catch-up: ${catchUp}`;
};

const queueWordsOf = ({queue, ready, working, delayed, dead}: NonNullable<TriggerItem['queue']>): string => {
	const counts = {ready, working, delayed, dead};
	const said = Object.entries(counts).flatMap(([name, count]) => (count === null ? [] : [`${count} ${name}`]));
	return `${queue}: ${said.join(', ')}`;
};

const firingRowsOf = (item: TriggerItem, state: CockpitState, columns: number, look: Look): Row[] => {
	const firings = item.armed?.firings ?? [];
	if (!item.armed) return [];
	if (firings.length === 0) return [[span(' It has fired nothing yet.', 'muted')]];
	const rows = firings.map(firing => {
		const {glyph, style, words} = outcomeOf(firing, state);
		const run = runOfFiring(state, firing);
		const why = [firing.detail, firing.taint === null ? '' : `tainted: ${firing.taint}`].filter(Boolean).join('; ');
		const text = `${run ? `${runNameOf(run)}  ` : ''}${why}`;
		return [
			span(` ${fitText(dayTimeWords(Date.parse(firing.at), state.nowMs), 13, look.glyphs.ellipsis)}`),
			span(`${look.glyphs.status[glyph]} ${fitText(words, 11, look.glyphs.ellipsis)}`, style),
			span(fitText(cleanText(text), Math.max(0, columns - 28), look.glyphs.ellipsis)),
		];
	});
	return [[span(' Last firings', 'strong')], ...rows];
};

/** The lines of the file that declare it, with `if` and `with`. */
const declaredRowsOf = ({line}: TriggerItem, state: CockpitState, columns: number): Row[] => {
	const text = shownWorkflowOf(state)?.text;
	if (line === undefined || !text) return [];
	const [first = '', ...rest] = text.split(/\r?\n/).slice(line - 1);
	const indent = indentOf(first);
	const end = rest.findIndex(each => each.trim() !== '' && indentOf(each) <= indent);
	const lines = [first, ...rest.slice(0, end === -1 ? 0 : end)].slice(0, linesMax);
	return [
		[span(` As declared, line ${line}`, 'strong')],
		...lines.flatMap(each => wrap(cleanLine(each.slice(indent)), columns - 4).map(row => [span(`   ${row}`)])),
	];
};

const linesMax = 20;
const indentOf = (line: string): number => line.length - line.trimStart().length;

const factRowsOf = (name: string, words: string, columns: number): Row[] =>
	wrap(cleanText(words), columns - 14).map((text, index) => [
		span(` ${(index === 0 ? name : '').padEnd(11)} `, 'muted'),
		span(text),
	]);

const runWordsOf = (id: string, {runs}: CockpitState): string => {
	const run = runs.get(id);
	return run ? runNameOf(run) : id;
};

const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
