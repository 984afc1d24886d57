import {type ContextName, contextNames, runProperties} from '../scope.ts';
import {insteadOf, notBuilt, notBuiltMessage} from '../settings/not-built.ts';
import type {StepDraft} from '../steps/draft.ts';
import type {StepGraph} from '../steps/graph.ts';
import type {Loop} from '../steps/loops.ts';
import {sameName} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {checkSteps} from './check-steps.ts';
import type {PathPart, PlacedName, Reference} from './parse-expression.ts';
import {type ExpressionSite, type PlaceKind, places} from './site.ts';

/** Every name an expression may use. */
export interface NameTable {
	/** `undefined`: anything. */
	readonly inputNames?: readonly string[];
	readonly envNames: readonly string[];
	/** Of `envNames`, those whose value holds a secret. */
	readonly secretEnvNames: ReadonlySet<string>;
	readonly passEnvNames: readonly string[];
	readonly drafts: readonly StepDraft[];
	readonly graph: StepGraph;
	/** The step the expression belongs to; `undefined`: the end of the run, when every step has ended. */
	readonly step?: StepDraft;
	/** Gathers the names read as `secrets.X`. */
	readonly secretNames: Set<string>;
}

export const checkReference = (report: Report, site: ExpressionSite, reference: Reference, names: NameTable): void => {
	const {context, path} = reference;
	const fail: Fail = (code, part, message, suggestion) =>
		report.error(code, site.offsetOf(part.start), message, suggestion);
	const name = contextNames.find(known => known === context.name.toLowerCase());
	if (!name) {
		fail(
			'expression.context-unknown',
			context,
			`There is no context \`${context.name}\`.`,
			contextSuggestion(context.name, names),
		);
	} else if (notBuilt.contexts.some(known => known === name)) {
		fail('feature.not-built', context, notBuiltMessage(name), insteadOf(name));
	} else if (name === 'secrets' && !allows(site, name)) {
		fail(
			'secret.misplaced',
			context,
			`\`secrets\` can be read in \`env:\` and in what a call sends, not in ${places[site.place].noun}.`,
			site.place === 'with' ? childEnvSuggestion(path[0]) : envLineFor(path[0]),
		);
	} else if (!allows(site, name)) {
		const message = `\`${name}\` cannot be read in ${places[site.place].noun}.`;
		fail('expression.context-misplaced', context, message, placeSuggestion(site.place, name));
	} else {
		checks[name]?.({fail, site, context, path, names});
	}
};

export type Fail = (code: string, part: {readonly start: number}, message: string, suggestion?: string) => void;

/** A reference that may stand where it does, and is to name what exists. */
export interface Check {
	readonly fail: Fail;
	readonly site: ExpressionSite;
	readonly context: PlacedName;
	readonly path: readonly PathPart[];
	readonly names: NameTable;
}

const allows = ({place}: ExpressionSite, name: ContextName): boolean =>
	(places[place].contexts as readonly ContextName[]).includes(name);

const contextSuggestion = (name: string, {drafts, inputNames = []}: NameTable): string => {
	const input = inputNames.find(known => sameName(known, name));
	if (input) return `Did you mean \`inputs.${input}\`?`;
	const draft = drafts.find(({id}) => sameName(id, name));
	if (draft) return `Did you mean \`steps.${draft.id}\`?`;
	const elsewhere = contextsElsewhere.get(name.toLowerCase());
	if (elsewhere) return elsewhere;
	return didYouMean(
		name,
		contextNames.filter(known => !notBuilt.contexts.some(other => other === known)),
		'',
	);
};

/** What GitHub Actions has another context for. */
const contextsElsewhere: ReadonlyMap<string, string> = new Map([
	['needs', 'Write `steps.<id>.outputs.<name>`.'],
	['outputs', 'Write `steps.<id>.outputs.<name>`.'],
	['github', 'Use `run` and `inputs`; what git knows, a `run` script can ask.'],
	['runner', 'Use `run`; what the machine knows, a `run` script can ask.'],
	['job', 'Use `run` and `steps.<id>.status`.'],
]);

/** What to read instead where a context is of no use. */
const placeSuggestion = (place: PlaceKind, name: ContextName): string => {
	if (place === 'concurrency') return 'A group may read `inputs`, `run.workflow` and `run.workspace`.';
	if (name !== 'item' && name !== 'index' && name !== 'matrix') return 'Read it in the settings of a step.';
	if (place === 'if')
		return '`if:` is asked once, for all items: leave items out of the list, or let the script decide.';
	return 'Read it in the prompt, or in `env:`, `with:`, `stdin:` or `cwd:` of a step with `foreach` or `strategy`.';
};

const envLineFor = (part: PathPart | undefined): string => `Give it to a script with ${envLineOf(part)}.`;

const childEnvSuggestion = (part: PathPart | undefined): string =>
	`The inputs of a run are journalled. Name the secret in the workflow that is used: ${envLineOf(part)}.`;

const envLineOf = (part: PathPart | undefined): string => {
	const name = part?.kind === 'name' ? part.name : 'NAME';
	return `\`env: { ${name.toUpperCase().replaceAll('-', '_')}: "\${{ secrets.${name} }}" }\``;
};

const checkInputs = ({fail, path: [first], names: {inputNames}}: Check): void => {
	if (first?.kind !== 'name' || !inputNames || inputNames.some(known => sameName(known, first.name))) return;
	const suggestion = didYouMean(first.name, inputNames, 'Declare it under `inputs:` in the frontmatter.');
	fail('expression.input-unknown', first, `There is no input \`${first.name}\`.`, suggestion);
};

const checkEnv = ({fail, site, context, path: [first], names}: Check): void => {
	const isSecretFree = names.secretEnvNames.size === 0 || mayHoldSecrets.has(site.place);
	if (first?.kind !== 'name') {
		if (isSecretFree) return;
		const message = `\`env\` as a whole holds a secret; it cannot be put into ${places[site.place].noun}.`;
		fail('secret.misplaced', context, message, 'Name the variables that are needed, as in `env.NAME`.');
		return;
	}

	if (names.step?.isBroken) return;
	const known =
		names.envNames.find(name => name === first.name) ?? names.envNames.find(name => sameName(name, first.name));
	if (known === undefined) {
		const isPassed = names.passEnvNames.includes(first.name);
		const suggestion = isPassed
			? 'A variable of `pass-env:` is for scripts, which read it from their environment.'
			: didYouMean(first.name, names.envNames, 'Declare it under `env:`.');
		fail('expression.env-unknown', first, `No \`env:\` declares \`${first.name}\`.`, suggestion);
	} else if (!isSecretFree && names.secretEnvNames.has(known)) {
		const message = `\`env.${known}\` holds a secret; it cannot be put into ${places[site.place].noun}.`;
		const suggestion =
			site.place === 'with'
				? 'The inputs of a run are journalled. Name the secret in the `env:` of the workflow that is used.'
				: site.place === 'webhook'
					? 'Write `${{ secrets.NAME }}` itself.'
					: `Read \`$${known}\` in a script instead.`;
		fail('secret.misplaced', first, message, suggestion);
	}
};

const mayHoldSecrets = new Set<string>(['env', 'stdin', 'if', 'arguments', 'undo-arguments', 'http', 'database']);

const checkSecrets = ({fail, context, path: [first], names}: Check): void => {
	if (first?.kind === 'name') names.secretNames.add(first.name);
	else fail('expression.dynamic', context, 'A secret must be named.', 'Write `secrets.NAME`.');
};

const checkRun = ({fail, site, context, path: [first]}: Check): void => {
	if (first?.kind === 'name' && !runProperties.some(known => sameName(known, first.name))) {
		const suggestion = didYouMean(first.name, runProperties, '');
		fail('expression.property-unknown', first, `A run has no \`${first.name}\`.`, suggestion);
	} else if (site.place === 'concurrency' && !(first?.kind === 'name' && isSharedByRuns(first.name))) {
		const message = `\`run${first?.kind === 'name' ? `.${first.name}` : ''}\` is another in every run, so no two runs would be of one group.`;
		fail('expression.context-misplaced', context, message, placeSuggestion(site.place, 'run'));
	}
};

const isSharedByRuns = (property: string): boolean => sameName(property, 'workflow') || sameName(property, 'workspace');

/** The item, its number and the combination are there only in a step that has them. */
const checkLoop = ({fail, context, path: [first], names: {step}}: Check): void => {
	if (!step || step.isBroken) return;
	const {loop} = step;
	const name = context.name.toLowerCase();
	const isThere = name === 'index' ? loop !== undefined : name === 'item' ? loop?.hasItem : loop?.hasMatrix;
	if (!isThere) {
		const wanted = {item: '`foreach:`', matrix: '`strategy:`'}[name] ?? '`foreach:` or `strategy:`';
		fail(
			'expression.context-misplaced',
			context,
			`\`${context.name}\` is for a step with ${wanted}.`,
			loopSuggestion(loop),
		);
		return;
	}

	const axes = name === 'matrix' ? loop?.axes : undefined;
	if (!axes || first?.kind !== 'name' || axes.some(known => sameName(known, first.name))) return;
	const suggestion = didYouMean(first.name, axes, 'Add it under `matrix:`.');
	fail('matrix.axis-unknown', first, `The matrix has no axis \`${first.name}\`.`, suggestion);
};

const loopSuggestion = (loop: Loop | undefined): string => {
	if (!loop) return 'Add one, or read `inputs` or `steps`.';
	if (loop.hasItem) return 'Did you mean `item`?';
	return loop.axes?.[0] === undefined ? 'Read `matrix.<axis>`.' : `Did you mean \`matrix.${loop.axes[0]}\`?`;
};

const checks: Readonly<Partial<Record<ContextName, (check: Check) => void>>> = {
	inputs: checkInputs,
	env: checkEnv,
	secrets: checkSecrets,
	run: checkRun,
	steps: checkSteps,
	item: checkLoop,
	index: checkLoop,
	matrix: checkLoop,
};
