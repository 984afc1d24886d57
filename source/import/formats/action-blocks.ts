import type {Code} from 'mdast';
import {parseDocument} from 'yaml';
import {blocksOf} from '../../workflow/markdown/outline.ts';
import type {ActionBlock} from '../actions/block.ts';
import {stepOfAction} from '../actions/step.ts';
import type {Draft, DraftStep} from '../draft.ts';
import {isRecord, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {headingWords} from '../prompt-text.ts';
import {type SourceFile, stemOf} from '../source-file.ts';
import {uniqueIds} from '../write-workflow.ts';
import {draftName, tellFrontProblem, tellOtherKeys, titleIn} from './shared.ts';

/** Whether a fence is an action: ```` ```action:agent ````, or YAML with a key `action:`. */
export const isAction = ({lang, value}: Pick<Code, 'lang' | 'value'>): boolean =>
	/^action:\w/.test(lang ?? '') || (/^ya?ml$/.test(lang ?? '') && /^action:[ \t]*\S/m.test(value));

/** The older format: a document with a fence for each step, named by the heading above it. */
export const readActionBlocks = (source: SourceFile, notes: Notes): Draft => {
	const {front} = source;
	tellFrontProblem(source, notes);
	tellOtherKeys(source, notes, ['name', 'title', 'description', 'version', 'inputs', 'agent', 'model', 'env'], {
		steps: 'is made of the blocks of the text',
		author: 'is for people to read',
		tags: 'is for people to read',
	});
	const blocks = blocksIn(source, notes);
	const ids = uniqueIds(blocks.map(({title}) => title));
	const inputs = inputsOf(source, notes);
	const known = {
		inputs: Object.keys(inputs),
		// Of several with one name the first is meant.
		steps: new Map(
			blocks
				.flatMap(({name, title}, index) =>
					[name, title, ids[index]!].map(each => [each.toLowerCase(), ids[index]!] as const),
				)
				.reverse(),
		),
	};
	const steps = blocks.flatMap((block, index): readonly DraftStep[] => {
		const step = stepOfAction(block, known, notes);
		return step ? [{...step, id: ids[index]!}] : [];
	});
	const name = draftName(textOf(front?.value('name')) ?? stemOf(source.file));
	return {
		name,
		description: textOf(front?.value('description')),
		title: textOf(front?.value('title')) ?? titleIn(source) ?? name,
		settings: {
			...(textOf(front?.value('version')) && {version: textOf(front?.value('version'))}),
			...(Object.keys(inputs).length > 0 && {inputs}),
			agent: textOf(front?.value('agent')) ?? 'auto',
			...(textOf(front?.value('model')) && {model: textOf(front?.value('model'))}),
		},
		steps,
	};
};

const blocksIn = (source: SourceFile, notes: Notes): readonly ActionBlock[] => {
	const blocks: ActionBlock[] = [];
	let heading: string | undefined;
	let isProseTold = false;
	for (const node of blocksOf(source.body)) {
		const start = node.position?.start.offset ?? 0;
		const line = source.lineOf(start);
		const text = source.body.slice(start, node.position?.end.offset ?? start);
		if (node.type === 'heading' && node.depth > 1) heading = headingWords(text);
		else if (node.type === 'code' && isAction(node))
			blocks.push(blockOf(node, line, heading, blocks.length + 1, notes));
		else if (node.type !== 'heading' && !isProseTold) {
			isProseTold = true;
			notes.dropped(
				line,
				'text between the blocks',
				'was for readers, and is not in the workflow',
				'Copy what readers need into it.',
			);
		}
	}

	return blocks;
};

const blockOf = (node: Code, line: number, heading: string | undefined, number: number, notes: Notes): ActionBlock => {
	const written = /^action:(\w[\w-]*)/.exec(node.lang ?? '')?.[1];
	const settings = safely(() => {
		const document = parseDocument(node.value, {prettyErrors: false, uniqueKeys: false});
		return document.errors.length === 0 ? (document.toJS({maxAliasCount: 100}) as unknown) : undefined;
	});
	const isSettings = isRecord(settings) && (written === undefined || looksLikeSettings(settings));
	if (written === undefined && !isSettings)
		notes.dropped(line, 'a block', 'is no valid YAML', 'Mend it and import the file again.');
	const fields = isSettings ? (settings as Readonly<Record<string, unknown>>) : {};
	const kind = (written ?? textOf(fields.action) ?? 'unknown').toLowerCase();
	const name = textOf(fields.id) ?? textOf(fields.name) ?? heading ?? `${kind} ${number}`;
	return {
		kind,
		name,
		title: heading && !textOf(fields.id) ? heading : name,
		line,
		fields,
		content: isSettings ? undefined : node.value,
	};
};

const settingsKeys = [
	'id',
	'name',
	'action',
	'with',
	'prompt',
	'run',
	'command',
	'script',
	'message',
	'agent',
	'needs',
	'outputs',
];
const looksLikeSettings = (value: Readonly<Record<string, unknown>>) =>
	Object.keys(value).some(key => settingsKeys.includes(key));

/** A document that is nested too deep, or has too many aliases, is not read. */
const safely = <T>(read: () => T): T | undefined => {
	try {
		return read();
	} catch {
		return undefined;
	}
};

const types: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

const inputsOf = ({front}: SourceFile, notes: Notes): Readonly<Record<string, unknown>> => {
	const value = front?.value('inputs');
	const line = front?.lineOf('inputs') ?? 1;
	const named = Array.isArray(value)
		? Object.fromEntries(
				value.flatMap(item => (isRecord(item) ? [[textOf(item.name) ?? '', item]] : [[textOf(item) ?? '', {}]])),
			)
		: isRecord(value)
			? value
			: {};
	const inputs: Record<string, unknown> = {};
	for (const [name, given] of Object.entries(named)) {
		if (!/^[A-Za-z_][\w-]*$/.test(name) || name === '__proto__') {
			notes.dropped(line, `input ${name}`, 'is no name that an expression could read');
			continue;
		}

		const {
			type,
			required,
			default: fallback,
			description,
		} = isRecord(given) ? given : ({default: given} as Record<string, unknown>);
		const kind = types.has(textOf(type) ?? '') ? textOf(type)! : 'string';
		const isFitting =
			fallback !== undefined &&
			fallback !== null &&
			(typeof fallback === kind || (kind === 'integer' && Number.isInteger(fallback)));
		inputs[name] = {
			type: kind,
			...(required === true && {required: true}),
			...(isFitting && required !== true && {default: fallback}),
			...(textOf(description) && {description: textOf(description)}),
		};
		notes.carried(line, `input ${name}`, `inputs.${name}`);
	}

	return inputs;
};
