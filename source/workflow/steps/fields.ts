import type {ApprovalStep, Expression, OutputsSchema, Template} from '../definition.ts';
import {type ExpressionSite, type PlaceKind, sitesOf} from '../expression/site.ts';
import {readApproval} from '../settings/approval.ts';
import {readEnvironment} from '../settings/env.ts';
import type {stepKeys} from '../settings/keys.ts';
import {readOutputsSchema} from '../settings/output-schema.ts';
import {
	type PlacedText,
	readBoolean,
	readDurationMs,
	readMap,
	readTemplate,
	readTextList,
} from '../settings/read-value.ts';
import {readWait} from '../settings/wait.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readCondition} from './condition.ts';

export type StepKey = (typeof stepKeys)[number];

/** The settings of a step, read one by one; `undefined` is what is not there or does not fit. */
export interface StepFields {
	readonly needs?: readonly PlacedText[];
	readonly if?: Expression;
	readonly env: Readonly<Record<string, Template>>;
	readonly stdin?: Template;
	readonly cwd?: Template;
	readonly model?: Template;
	readonly wait?: Template;
	readonly approval?: Pick<ApprovalStep, 'expiresMs' | 'onExpire' | 'onReject'>;
	readonly agents: readonly string[];
	readonly outputs?: OutputsSchema;
	readonly timeoutMs?: number;
	readonly continueOnError: boolean;
	readonly sites: readonly ExpressionSite[];
}

export const readFields = (report: Report, entries: ReadonlyMap<StepKey, YamlEntry>): StepFields => {
	const read = <T>(key: StepKey, reader: (report: Report, entry: YamlEntry) => T): T | undefined => {
		const entry = entries.get(key);
		return entry && reader(report, entry);
	};

	const environment = readEnvironment(report, entries.get('env'), 'env');
	const condition = read('if', readCondition);
	const outputs = read('outputs', readMap);
	const stdin = read('stdin', readTemplate);
	const cwd = read('cwd', readTemplate);
	const model = read('model', readTemplate);
	const wait = read('wait', readWait);
	const templateSites = (key: StepKey, place: PlaceKind, text: Template | undefined) => {
		const value = entries.get(key)?.value;
		return text !== undefined && value?.kind === 'scalar' ? sitesOf(report, text, place, value.offsetOf) : [];
	};

	return {
		needs: read('needs', readTextList),
		if: condition?.expression.trim(),
		env: environment.templates,
		stdin,
		cwd,
		model,
		wait,
		approval: read('approval', readApproval),
		agents: read('agent', readTextList)?.map(({text}) => text) ?? [],
		outputs: outputs && readOutputsSchema(report, outputs),
		timeoutMs: read('timeout', readDurationMs),
		continueOnError: read('continue-on-error', readBoolean) ?? false,
		sites: [
			...(condition ? [condition] : []),
			...environment.sites,
			...templateSites('stdin', 'stdin', stdin),
			...templateSites('cwd', 'setting', cwd),
			...templateSites('model', 'setting', model),
			...templateSites('wait', 'setting', wait),
		],
	};
};
