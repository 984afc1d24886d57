import type {StepKind} from '../definition.ts';
import type {Fence} from '../markdown/fences.ts';
import {notBuilt} from '../settings/not-built.ts';
import {quotedListOf} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import type {YamlMap} from '../yaml/tree.ts';

/** Keys that make a step something other than an agent's. */
const kindKeys: readonly string[] = ['approval', 'wait', 'tool', 'uses', 'http', 'transform', 'sql'];
const builtKinds: ReadonlyMap<string, StepKind> = new Map([
	['approval', 'approval'],
	['wait', 'wait'],
]);

interface Mark {
	readonly name: string;
	readonly start: number;
	readonly kind?: StepKind;
}

/** @returns The kind of a step; `undefined` where it has two, or one that is not built. */
export const kindOf = (report: Report, map: YamlMap, run: Fence | undefined): StepKind | undefined => {
	const marks: Mark[] = run ? [{name: `${run.language} run`, start: run.start, kind: 'script'}] : [];
	for (const {key, keyStart} of map.entries) {
		if (kindKeys.includes(key)) marks.push({name: `${key}:`, start: keyStart, kind: builtKinds.get(key)});
	}

	if (marks.length <= 1) return marks.length === 0 ? 'agent' : marks[0]!.kind;
	marks.sort((a, b) => a.start - b.start);
	const message = `A step is one thing; this one has ${quotedListOf(marks.map(mark => mark.name))}.`;
	const suggestion = 'Keep one of them, and give the other a step of its own with a `##` heading.';
	report.error('kind.conflict', marks[1]!.start, message, suggestion);
	return undefined;
};

/** Settings that mean something to some kinds only. */
const kindsOfKey: Readonly<Record<string, readonly StepKind[]>> = {
	stdin: ['script'],
	cwd: ['script', 'agent'],
	outputs: ['script', 'agent'],
	agent: ['agent'],
	model: ['agent'],
};

export const checkKeysFit = (report: Report, map: YamlMap, kind: StepKind | undefined): void => {
	for (const {key, keyStart} of map.entries) {
		const kinds = Object.hasOwn(kindsOfKey, key) ? kindsOfKey[key]! : undefined;
		if (!kind || !kinds || kinds.includes(kind)) continue;
		const article = (name: StepKind) => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`);
		const message = `\`${key}\` is for ${kinds.join(' and ')} steps; this is ${article(kind)} step.`;
		report.error('key.misplaced', keyStart, message, suggestionFor(key, kind));
	}
};

const suggestionFor = (key: string, kind: StepKind): string => {
	if (key === 'outputs' && kind === 'approval')
		return 'Remove it: an approval has `decision`, `comment`, `by` and `at`.';
	if (key === 'stdin' && kind === 'agent') return 'Put the text into the prompt.';
	return 'Remove it.';
};

/** Keys under which a step without prose may still be complete one day. */
export const isPromptElsewhere = (map: YamlMap): boolean =>
	map.entries.some(({key}) => key === 'prompt-file' && notBuilt.step.some(known => known === key));
