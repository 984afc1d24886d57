import {isRecord, listOf, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import type {SourceFile} from '../source-file.ts';

export interface Triggers {
	readonly on: Readonly<Record<string, unknown>>;
	readonly inputs: Readonly<Record<string, unknown>>;
}

const fuzzy: Readonly<Record<string, string>> = {hourly: '0 * * * *', daily: '0 6 * * *', weekly: '0 6 * * 1'};
const inputTypes: Readonly<Record<string, string>> = {number: 'number', boolean: 'boolean'};

/** `on:` of GitHub: schedules and inputs as they are, events as one webhook that GitHub is to be told of. */
export const triggersOf = ({front}: SourceFile, notes: Notes): Triggers => {
	const value = front?.value('on');
	const line = front?.lineOf('on') ?? 1;
	const asked = isRecord(value) ? value : Object.fromEntries(listOf(value).map(name => [name, null]));
	const on: Record<string, unknown> = {};
	let inputs: Readonly<Record<string, unknown>> = {};
	const conditions: string[] = [];
	for (const [name, settings] of Object.entries(asked)) {
		if (name === 'workflow_dispatch') inputs = inputsOf(settings, line, notes);
		else if (name === 'schedule' || Object.hasOwn(fuzzy, name))
			addSchedule(on, name === 'schedule' ? settings : name, line, notes);
		else if (name === 'workflow_run') addRun(on, settings, line, notes);
		else if (name === 'slash_command' || name === 'command')
			notes.dropped(
				line,
				name,
				"comments that begin with a command are told apart by GitHub's own runner",
				"Add `webhook:` with `if: trigger.event == 'issue_comment'`.",
			);
		else if (/^[a-z_]+$/.test(name) && !reserved.has(name)) conditions.push(conditionOf(name, settings));
		else notes.dropped(line, `on: ${name}`, 'has no place in a workflow');
	}

	if (conditions.length > 0) {
		on.webhook = {
			path: '/github',
			style: 'github',
			secret: '${{ secrets.WEBHOOK_SECRET }}',
			if: conditions.join(' || '),
		};
		notes.changed(
			line,
			'events of GitHub',
			'are a webhook on the path /github; strangers write it, so the agent only reads unless its step has `permissions:`',
			'Let GitHub send these events to it (`aiworkflow webhook start`), and set WEBHOOK_SECRET.',
		);
	}

	return {on: Object.keys(on).length > 0 ? {manual: true, ...on} : {}, inputs};
};

const reserved: ReadonlySet<string> = new Set(['stop-after', 'reaction', 'manual-approval', 'forks', 'names', 'roles']);

const conditionOf = (event: string, settings: unknown): string => {
	const types = isRecord(settings) ? listOf(settings.types).filter(type => /^\w+$/.test(type)) : [];
	const own = `trigger.event == '${event}'`;
	if (types.length === 0) return own;
	const actions = types.map(type => `trigger.body.action == '${type}'`).join(' || ');
	return `(${own} && (${actions}))`;
};

const addSchedule = (on: Record<string, unknown>, settings: unknown, line: number, notes: Notes): void => {
	const asked = Array.isArray(settings)
		? settings.flatMap(item => (isRecord(item) ? textOf(item.cron) : textOf(item)) ?? [])
		: [textOf(settings) ?? ''];
	const crons = asked.flatMap(text => {
		const word = text.split(/\s+/)[0] ?? '';
		if (/^[\d*][\d\s*,/A-Za-z-]*$/.test(text) && text.trim().split(/\s+/).length === 5) {
			notes.carried(line, `schedule: ${text}`, 'on: schedule, in UTC');
			return [{cron: text, timezone: 'UTC'}];
		}

		if (!Object.hasOwn(fuzzy, word)) {
			notes.dropped(line, `schedule: ${text}`, 'is no cron expression', 'Write `on: { schedule: "0 6 * * *" }`.');
			return [];
		}

		notes.changed(line, `schedule: ${text}`, `is ${fuzzy[word]} in UTC: GitHub chooses the minute itself`);
		return [{cron: fuzzy[word]!, timezone: 'UTC'}];
	});
	if (crons.length > 0) on.schedule = crons.length === 1 ? crons[0] : crons;
};

const addRun = (on: Record<string, unknown>, settings: unknown, line: number, notes: Notes): void => {
	const workflows = isRecord(settings) ? listOf(settings.workflows) : [];
	if (workflows.length === 0) return notes.dropped(line, 'on: workflow_run', 'names no workflow');
	on.run = workflows.map(workflow => ({workflow, status: ['completed', 'failed']}));
	notes.changed(line, 'on: workflow_run', `on: run, for workflows here: ${workflows.join(', ')}`);
};

const inputsOf = (settings: unknown, line: number, notes: Notes): Readonly<Record<string, unknown>> => {
	const asked = isRecord(settings) && isRecord(settings.inputs) ? settings.inputs : {};
	const inputs: Record<string, unknown> = {};
	for (const [name, given] of Object.entries(asked)) {
		const {
			type,
			description,
			required,
			default: value,
			options,
		} = isRecord(given) ? given : ({} as Record<string, unknown>);
		const kind = inputTypes[textOf(type) ?? ''] ?? 'string';
		const choices = listOf(options);
		const fallback = kind === 'string' ? textOf(value) : kind === 'number' ? numberOf(value) : booleanOf(value);
		inputs[name] = {
			type: kind,
			...(required === true && fallback === undefined && {required: true}),
			...(fallback !== undefined && {default: fallback}),
			...(choices.length > 0 && {enum: choices}),
			...(textOf(description) && {description: textOf(description)}),
		};
		notes.carried(line, `input ${name}`, `inputs.${name}`);
	}

	return inputs;
};

const numberOf = (value: unknown) =>
	textOf(value) === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
const booleanOf = (value: unknown) => (value === undefined ? undefined : value === true || value === 'true');
