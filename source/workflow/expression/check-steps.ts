import {errorProperties, stepProperties} from '../scope.ts';
import type {StepDraft} from '../steps/draft.ts';
import type {StepGraph} from '../steps/graph.ts';
import {sameName} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Check, Fail} from './check-reference.ts';
import type {PathPart, PlacedName} from './parse-expression.ts';

/** Checks `steps.<id>.…`: the step, whether it has ended by then, and what is read of it. */
export const checkSteps = (check: Check): void => {
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
	const isOwn = draft === names.step && ['until', 'undo-arguments'].includes(check.site.place);
	if (names.step && !isOwn && !names.graph.isUpstream(index, names.step.index))
		reportNotUpstream(fail, first, draft, names.step, names.graph);
	checkStepProperty(check, isOwn ? {...draft, loop: undefined} : draft);
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
		const suggestion = 'Read a step before it; only `until:` of a `repeat` reads its own step.';
		fail(code, part, `\`${read.id}\` cannot read its own result before it has one.`, suggestion);
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

const checkStepProperty = ({fail, path: [, property, third, fourth]}: Check, draft: StepDraft): void => {
	const {id, outputNames, loop} = draft;
	if (property?.kind !== 'name') return;
	const known = stepProperties.find(candidate => sameName(candidate, property.name));
	if (!known) {
		const isOutput = outputNames?.some(candidate => sameName(candidate, property.name));
		const suggestion = isOutput
			? `Did you mean \`steps.${id}.outputs.${loop ? '*.' : ''}${property.name}\`?`
			: didYouMean(property.name, stepProperties, '');
		fail('expression.property-unknown', property, `A step has no \`${property.name}\`.`, suggestion);
		return;
	}

	if (known === 'outputs' && loop) checkOutputOfItems(fail, draft, third, fourth);
	else if (known === 'outputs') checkOutput(fail, draft, third);
	if (third?.kind !== 'name') return;
	if (known === 'error' && !errorProperties.some(candidate => sameName(candidate, third.name))) {
		fail(
			'expression.property-unknown',
			third,
			`An error has no \`${third.name}\`.`,
			didYouMean(third.name, errorProperties, ''),
		);
	}
};

/** The outputs of a step with several items are a list. */
const checkOutputOfItems = (fail: Fail, draft: StepDraft, part: PathPart | undefined, output: PathPart | undefined) => {
	if (part?.kind !== 'name') return checkOutput(fail, draft, output);
	const list = `steps.${draft.id}.outputs`;
	const message = `\`${list}\` is a list, one for each item, so it has no \`${part.name}\`.`;
	fail(
		'expression.outputs-listed',
		part,
		message,
		`Write \`${list}.*.${part.name}\`, or \`${list}[0].${part.name}\` for one.`,
	);
};

const checkOutput = (fail: Fail, {id, kind, outputNames}: StepDraft, part: PathPart | undefined): void => {
	if (part?.kind !== 'name' || !outputNames || outputNames.some(known => sameName(known, part.name))) return;
	const otherwise = kind === 'wait' ? 'A wait has no outputs.' : `Declare it under \`outputs:\` of \`${id}\`.`;
	const suggestion = didYouMean(part.name, outputNames, otherwise);
	fail('expression.output-unknown', part, `\`${id}\` has no output \`${part.name}\`.`, suggestion);
};
