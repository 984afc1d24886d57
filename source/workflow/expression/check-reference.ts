import {type ContextName, contextNames, errorProperties, runProperties, stepProperties} from '../scope.ts';
import {insteadOf, notBuilt, notBuiltMessage} from '../settings/not-built.ts';
import type {StepDraft} from '../steps/draft.ts';
import type {StepGraph} from '../steps/graph.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import type {PathPart, PlacedName, Reference} from './parse-expression.ts';
import {type ExpressionSite, places} from './site.ts';

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
			`\`secrets\` can be read in \`env:\` only, not in ${places[site.place].noun}.`,
			envLineFor(path[0]),
		);
	} else if (!allows(site, name)) {
		const message = `\`${name}\` cannot be read in ${places[site.place].noun}.`;
		fail('expression.context-misplaced', context, message, 'Read it in the settings of a step.');
	} else {
		checks[name]?.({fail, site, context, path, names});
	}
};

type Fail = (code: string, part: {readonly start: number}, message: string, suggestion?: string) => void;

interface Check {
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

const envLineFor = (part: PathPart | undefined): string => {
	const name = part?.kind === 'name' ? part.name : 'NAME';
	return `Give it to a script with \`env: { ${name.toUpperCase().replaceAll('-', '_')}: "\${{ secrets.${name} }}" }\`.`;
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
		fail('secret.misplaced', first, message, `Read \`$${known}\` in a script instead.`);
	}
};

const mayHoldSecrets = new Set<string>(['env', 'stdin', 'if']);

const checkSecrets = ({fail, context, path: [first], names}: Check): void => {
	if (first?.kind === 'name') names.secretNames.add(first.name);
	else fail('expression.dynamic', context, 'A secret must be named.', 'Write `secrets.NAME`.');
};

const checkRun = ({fail, path: [first]}: Check): void => {
	if (first?.kind !== 'name' || runProperties.some(known => sameName(known, first.name))) return;
	const suggestion = didYouMean(first.name, runProperties, '');
	fail('expression.property-unknown', first, `A run has no \`${first.name}\`.`, suggestion);
};

const checkSteps = (check: Check): void => {
	const {fail, context, path, names} = check;
	const [first] = path;
	if (first?.kind !== 'name') {
		fail('expression.dynamic', context, 'A step must be named.', 'Write `steps.<id>.outputs.<name>`.');
		return;
	}

	const index = names.graph.indexOf(first.name);
	if (index === undefined) {
		const ids = names.drafts.filter(draft => draft !== names.step).map(draft => draft.id);
		const suggestion = didYouMean(first.name, ids, 'See the headings of the file for the steps.');
		fail('expression.step-unknown', first, `There is no step \`${first.name}\`.`, suggestion);
		return;
	}

	const draft = names.drafts[index]!;
	if (names.step && !names.graph.isUpstream(index, names.step.index))
		reportNotUpstream(fail, first, draft, names.step, names.graph);
	checkStepProperty(check, draft);
};

const reportNotUpstream = (
	fail: Fail,
	part: PlacedName,
	read: StepDraft,
	reader: StepDraft,
	graph: StepGraph,
): void => {
	const code = 'expression.step-not-upstream';
	if (read === reader) {
		fail(code, part, `\`${read.id}\` cannot read its own result before it has one.`, 'Read a step before it.');
	} else if (graph.isUpstream(reader.index, read.index)) {
		fail(
			code,
			part,
			`\`${read.id}\` runs after \`${reader.id}\`, so there is nothing to read yet.`,
			'Read a step before it.',
		);
	} else {
		const message = `\`${reader.id}\` does not wait for \`${read.id}\`, so it cannot read its result.`;
		const others = (reader.needs?.map(({text}) => text) ?? (reader.index > 0 ? [graph.needs[reader.index]] : []))
			.length;
		fail(
			code,
			part,
			message,
			others > 0 ? `Add \`${read.id}\` to the \`needs\` of \`${reader.id}\`.` : `Write \`needs: [${read.id}]\`.`,
		);
	}
};

const checkStepProperty = ({fail, path: [, property, third]}: Check, {id, kind, outputNames}: StepDraft): void => {
	if (property?.kind !== 'name') return;
	const known = stepProperties.find(candidate => sameName(candidate, property.name));
	if (!known) {
		const isOutput = outputNames?.some(candidate => sameName(candidate, property.name));
		const suggestion = isOutput
			? `Did you mean \`steps.${id}.outputs.${property.name}\`?`
			: didYouMean(property.name, stepProperties, '');
		fail('expression.property-unknown', property, `A step has no \`${property.name}\`.`, suggestion);
		return;
	}

	if (third?.kind !== 'name') return;
	if (known === 'error' && !errorProperties.some(candidate => sameName(candidate, third.name))) {
		fail(
			'expression.property-unknown',
			third,
			`An error has no \`${third.name}\`.`,
			didYouMean(third.name, errorProperties, ''),
		);
	}

	if (known !== 'outputs' || !outputNames || outputNames.some(candidate => sameName(candidate, third.name))) return;
	const otherwise = kind === 'wait' ? 'A wait has no outputs.' : `Declare it under \`outputs:\` of \`${id}\`.`;
	const suggestion = didYouMean(third.name, outputNames, otherwise);
	fail('expression.output-unknown', third, `\`${id}\` has no output \`${third.name}\`.`, suggestion);
};

const checks: Readonly<Partial<Record<ContextName, (check: Check) => void>>> = {
	inputs: checkInputs,
	env: checkEnv,
	secrets: checkSecrets,
	run: checkRun,
	steps: checkSteps,
};

/** The expression engine looks names up whatever their case. */
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
