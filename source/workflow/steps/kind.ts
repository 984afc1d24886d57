import {directKinds, type StepKind} from '../definition.ts';
import type {Fence} from '../markdown/fences.ts';
import {notBuilt} from '../settings/not-built.ts';
import {listOf, quotedListOf} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {entryOf, type YamlMap} from '../yaml/tree.ts';

/** Keys that make a step something other than an agent's. */
const kindKeys: readonly string[] = ['approval', 'wait', 'tool', 'uses', 'http', 'transform', 'sql', 'webhook'];
const builtKinds: ReadonlyMap<string, StepKind> = new Map([
	['approval', 'approval'],
	['wait', 'wait'],
	['uses', 'uses'],
	['tool', 'tool'],
	['http', 'http'],
	['transform', 'transform'],
	['sql', 'sql'],
	['webhook', 'webhook'],
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

const talkingKinds: readonly StepKind[] = ['script', 'agent'];
const processKinds: readonly StepKind[] = [...talkingKinds, ...directKinds];
const workKinds: readonly StepKind[] = [...processKinds, 'uses', 'webhook'];
const changingKinds = processKinds.filter(kind => kind !== 'transform');

/** Settings that mean something to some kinds only. */
const kindsOfKey: Readonly<Record<string, readonly StepKind[]>> = {
	stdin: ['script'],
	cwd: [...talkingKinds, 'tool', 'sql'],
	outputs: processKinds,
	agent: ['agent'],
	model: ['agent'],
	budget: ['agent'],
	permissions: ['agent'],
	tools: ['agent'],
	'on-failover': ['agent'],
	timeout: [...workKinds, 'wait'],
	'idle-timeout': talkingKinds,
	retry: workKinds,
	foreach: workKinds,
	strategy: workKinds,
	'max-parallel': workKinds,
	'fail-fast': workKinds,
	repeat: processKinds,
	with: ['uses', 'tool'],
	'on-interrupt': processKinds,
	cache: processKinds,
	undo: changingKinds,
	/** The fence, not the key. */
	'undo fence': [...changingKinds, 'uses'],
};

/** Whether a key means something to a kind of step; to one that cannot be told, everything may. */
export const isForKind = (key: string, kind: StepKind | undefined): boolean =>
	!kind || !Object.hasOwn(kindsOfKey, key) || kindsOfKey[key]!.includes(kind);

export const checkKeysFit = (report: Report, map: YamlMap, kind: StepKind | undefined): void => {
	for (const {key, keyStart, value} of map.entries) {
		if (!isForKind(key, kind)) {
			const message = `\`${key}\` is for ${kindList(key)} steps; this is ${withArticle(kind!)} step.`;
			report.error('key.misplaced', keyStart, message, suggestionFor(key, kind!));
		} else if (key === 'timeout' && kind === 'wait' && !isForSignal(map)) {
			const message = 'A wait lasts as long as it says; `timeout` is for a wait for a signal.';
			report.error('key.misplaced', keyStart, message, 'Remove it.');
		} else if (key === 'timeout' && kind === 'wait' && value.kind === 'map') {
			const message = 'A wait has no attempts, so its `timeout` is one duration.';
			report.error('value.invalid', value.start, message, 'Write `timeout: 1h`.');
		}
	}
};

export const checkUndoFits = (report: Report, {language, start}: Fence, kind: StepKind | undefined): void => {
	const key = 'undo fence';
	if (isForKind(key, kind)) return;
	const message = `A \`${language} undo\` fence is for ${kindList(key)} steps; this is ${withArticle(kind!)} step.`;
	report.error('fence.misplaced', start, message, 'Remove it: this step changes nothing.');
};

const kindList = (key: string): string => listOf(kindsOfKey[key]!);
const withArticle = (kind: StepKind): string => (/^[ae]/.test(kind) ? `an ${kind}` : `a ${kind}`);

const isForSignal = (map: YamlMap): boolean => {
	const kind = entryOf(map, 'wait')?.value.kind;
	return kind === 'map' || kind === 'broken';
};

const suggestionFor = (key: string, kind: StepKind): string => {
	if (key === 'outputs' && kind === 'approval')
		return 'Remove it: an approval has `decision`, `comment`, `by`, `at` and `text`.';
	if (key === 'outputs' && kind === 'uses') return 'Remove it: the outputs are those of the workflow it uses.';
	if (key === 'timeout' && kind === 'approval') return 'Write `approval: { expires: 4h }`.';
	if (key === 'outputs' && kind === 'webhook')
		return 'Remove it: a webhook has `delivery`, `status`, `httpStatus` and `attempts`.';
	if (key === 'repeat' && kind === 'uses') return 'Put `repeat` into a step of the workflow it uses.';
	if (key === 'undo' && kind === 'uses')
		return 'Put `undo` into the steps of the workflow it uses, or write a `sh undo` fence.';
	if (key === 'with' && kind === 'http') return 'Put the values into `http: { query }`, `json` or `form`.';
	if (key === 'with' && kind === 'sql') return 'Write `sql: { params: { name: value } }`.';
	if (key === 'idle-timeout' && directKinds.some(direct => direct === kind))
		return 'Write `timeout:`: it says nothing before it is done.';
	if (key === 'with') return 'Add `uses: ./other.md`, or hand values over with `env:`.';
	if (key === 'tools') return 'Remove it: `tools` gives tools to an agent.';
	if (key === 'stdin' && kind === 'agent') return 'Put the text into the prompt.';
	return 'Remove it.';
};

/** Keys under which a step without prose may still be complete one day. */
export const isPromptElsewhere = (map: YamlMap): boolean =>
	map.entries.some(({key}) => key === 'prompt-file' && notBuilt.step.some(known => known === key));
