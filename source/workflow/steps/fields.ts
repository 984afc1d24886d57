import type {
	AgentStep,
	Expression,
	HttpSettings,
	OutputsSchema,
	StepBase,
	StepKind,
	Template,
	ToolCallSettings,
	UsesStep,
	WaitStep,
} from '../definition.ts';
import type {ExpressionSite, PlaceKind, Sited} from '../expression/site.ts';
import {readAgent} from '../settings/agent.ts';
import {type Approval, readApproval} from '../settings/approval.ts';
import {readBudgets} from '../settings/budget.ts';
import {readCache} from '../settings/cache.ts';
import {readCondition} from '../settings/condition.ts';
import {readEnvironment} from '../settings/env.ts';
import {readFailover} from '../settings/failover.ts';
import {readHttp} from '../settings/http.ts';
import type {stepKeys} from '../settings/keys.ts';
import {readOutputsSchema} from '../settings/output-schema.ts';
import {readPermissions} from '../settings/permissions.ts';
import {
	type PlacedText,
	readBoolean,
	readChoice,
	readDurationMs,
	readMap,
	readTextList,
} from '../settings/read-value.ts';
import {readRetry} from '../settings/retry.ts';
import {readSavepoint} from '../settings/savepoint.ts';
import {readSql, type Sql} from '../settings/sql.ts';
import {readSitedTemplate} from '../settings/templates.ts';
import {readTimeout} from '../settings/timeout.ts';
import {readArguments, readTool, type ToolName} from '../settings/tool.ts';
import {readTools} from '../settings/tools.ts';
import {readTransform, type Transform} from '../settings/transform.ts';
import {readUndo} from '../settings/undo.ts';
import {readUsed, readWith} from '../settings/uses.ts';
import {readWait} from '../settings/wait.ts';
import {type OutgoingWebhook, readOutgoingWebhook} from '../settings/webhook.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {type Loop, readLoops} from './loops.ts';

export type StepKey = (typeof stepKeys)[number];

/** The settings of a step, read one by one; `undefined` is what is not there or does not fit. */
export interface StepFields {
	readonly needs?: readonly PlacedText[];
	readonly if?: Expression;
	readonly env: Readonly<Record<string, Template>>;
	readonly stdin?: Template;
	readonly cwd?: Template;
	readonly model?: Template;
	readonly wait?: Pick<WaitStep, 'wait' | 'signal'>;
	readonly approval?: Approval;
	readonly webhook?: OutgoingWebhook;
	readonly uses?: string;
	readonly with?: UsesStep['with'];
	readonly tool?: ToolName;
	/** The `with:` of a tool. */
	readonly arguments?: ToolCallSettings['with'];
	readonly http?: HttpSettings;
	readonly transform?: Transform;
	readonly sql?: Sql;
	readonly agents: readonly string[];
	/** Settings of agent steps that go into the definition as they are. */
	readonly ofAgent: Pick<AgentStep, 'routing' | 'budgets' | 'permissions' | 'tools' | 'failover'>;
	readonly outputs?: OutputsSchema;
	readonly timeoutMs?: number;
	readonly continueOnError: boolean;
	readonly savepoint?: PlacedText;
	readonly loop?: Loop;
	/** Settings that go into the definition as they are. */
	readonly others: OtherSettings;
	readonly sites: readonly ExpressionSite[];
}

type OtherSettings = Pick<
	StepBase,
	| 'stepTimeoutMs'
	| 'idleTimeoutMs'
	| 'retry'
	| 'foreach'
	| 'matrix'
	| 'maxParallel'
	| 'failFast'
	| 'repeat'
	| 'onInterrupt'
	| 'cache'
	| 'savepoint'
	| 'undo'
	| 'undoTool'
>;

export const readFields = (
	report: Report,
	entries: ReadonlyMap<StepKey, YamlEntry>,
	kind: StepKind | undefined,
): StepFields => {
	const read = <T>(key: StepKey, reader: (report: Report, entry: YamlEntry) => T): T | undefined => {
		const entry = entries.get(key);
		return entry && reader(report, entry);
	};

	const template = (key: StepKey, place: PlaceKind): Sited<Template> | undefined =>
		read(key, (_, entry) => readSitedTemplate(report, entry, place));
	const environment = readEnvironment(report, entries.get('env'), 'env');
	const condition = read('if', readCondition('if'));
	const outputs = read('outputs', readMap);
	const stdin = template('stdin', 'stdin');
	const cwd = template('cwd', 'setting');
	const model = template('model', 'setting');
	const wait = read('wait', readWait);
	const given = kind === 'tool' ? undefined : read('with', readWith);
	const called = kind === 'tool' ? read('with', (_, entry) => readArguments(report, entry)) : undefined;
	const http = read('http', readHttp);
	const transform = read('transform', readTransform);
	const sql = read('sql', readSql);
	const webhook = read('webhook', readOutgoingWebhook);
	const agent = read('agent', readAgent);
	const timeouts = read('timeout', readTimeout);
	const loops = readLoops(report, entries, kind);
	const cache = read('cache', readCache);
	const undo = read('undo', readUndo);
	const savepoint = read('savepoint', readSavepoint);
	const approval = read('approval', readApproval);
	const sited = [stdin, cwd, model, wait, given, called, http, transform, sql, loops, cache, undo, approval, webhook];

	return {
		needs: read('needs', readTextList),
		if: condition?.expression.trim(),
		env: environment.templates,
		stdin: stdin?.value,
		cwd: cwd?.value,
		model: model?.value,
		wait: wait?.value,
		approval,
		webhook: webhook?.value,
		uses: read('uses', readUsed),
		with: given?.value,
		tool: read('tool', readTool),
		arguments: called?.value,
		http: http?.value,
		transform: transform?.value,
		sql: sql?.value,
		agents: agent?.agents ?? [],
		ofAgent: {
			routing: agent?.routing,
			budgets: read('budget', (_, entry) => readBudgets(report, entry, 'step')),
			permissions: read('permissions', readPermissions),
			tools: read('tools', readTools),
			failover: read('on-failover', readFailover),
		},
		outputs: outputs && readOutputsSchema(report, outputs),
		timeoutMs: timeouts?.timeoutMs,
		continueOnError: read('continue-on-error', readBoolean) ?? false,
		savepoint,
		loop: loops.loop,
		others: {
			stepTimeoutMs: timeouts?.stepTimeoutMs,
			idleTimeoutMs: read('idle-timeout', readDurationMs),
			retry: read('retry', readRetry),
			...loops.settings,
			onInterrupt: read('on-interrupt', (_, entry) => readChoice(report, entry, ['retry', 'ask', 'fail'])),
			cache: cache?.value,
			savepoint: savepoint?.text,
			...(undo?.value.kind === 'tool' ? {undoTool: callOf(undo.value)} : {undo: undo?.value}),
		},
		sites: [...(condition ? [condition] : []), ...environment.sites, ...sited.flatMap(each => each?.sites ?? [])],
	};
};

const callOf = ({tool, operation, with: given}: ToolCallSettings): ToolCallSettings => ({
	tool,
	...(operation === undefined ? undefined : {operation}),
	with: given,
});
