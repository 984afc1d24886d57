import {limits} from '../../limits.ts';
import type {StepBase, Template} from '../definition.ts';
import type {ExpressionSite, Sited} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import {canBeReferenced} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {insteadOf, notBuilt, notBuiltMessage} from './not-built.ts';
import {wrong} from './read-value.ts';
import {readSingleExpression} from './single-expression.ts';
import {sitedValueOf} from './templates.ts';

type Matrix = NonNullable<StepBase['matrix']>;
type Axis = Matrix[string];

export interface Strategy {
	readonly matrix?: Sited<Matrix>;
	/** Names of the axes, those with a mistake as well; `undefined`: any. */
	readonly axes?: readonly string[];
	readonly maxParallel?: YamlEntry;
	readonly failFast?: YamlEntry;
}

export const readStrategy = (report: Report, {key, keyStart, value}: YamlEntry): Strategy => {
	if (value.kind === 'broken') return {};
	if (value.kind !== 'map') {
		wrong(report, key, value, 'a mapping', 'Write `strategy: { matrix: { os: [linux, macos] } }`.');
		return {};
	}

	const entries = readKeys(report, value, ['matrix', 'max-parallel', 'fail-fast'], [], '`strategy`');
	const matrix = entries.get('matrix');
	if (!matrix) {
		report.error('key.missing', keyStart, '`strategy` has no `matrix`.', 'Add `matrix: { os: [linux, macos] }`.');
	}

	return {
		...(matrix && readMatrix(report, matrix)),
		maxParallel: entries.get('max-parallel'),
		failFast: entries.get('fail-fast'),
	};
};

const readMatrix = (report: Report, {key, value}: YamlEntry): Pick<Strategy, 'matrix' | 'axes'> => {
	if (value.kind === 'broken') return {};
	if (value.kind !== 'map' || value.entries.length === 0) {
		wrong(report, key, value, 'a mapping with an axis', 'Name the axes: `matrix: { os: [linux, macos] }`.');
		return {};
	}

	const axes: [string, Axis][] = [];
	const names: string[] = [];
	const sites: ExpressionSite[] = [];
	for (const entry of value.entries) {
		if (!isAxisName(report, entry)) continue;
		names.push(entry.key);
		const axis = readAxis(report, entry);
		if (!axis) continue;
		axes.push([entry.key, axis.value]);
		sites.push(...axis.sites);
	}

	const matrix = Object.fromEntries(axes);
	checkSize(report, value.start, matrix);
	return {matrix: {value: matrix, sites}, axes: names};
};

const isAxisName = (report: Report, {key, keyStart}: YamlEntry): boolean => {
	if (notBuilt.matrix.some(known => known === key)) {
		report.error('feature.not-built', keyStart, notBuiltMessage(`matrix.${key}`), insteadOf(key));
		return false;
	}

	if (canBeReferenced(key)) return true;
	const message = `No expression can name an axis \`${shortened(key)}\`.`;
	const suggestion = 'Begin with a letter; go on with letters, digits, `_` and `-`.';
	report.error('matrix.name-invalid', keyStart, message, suggestion);
	return false;
};

const readAxis = (report: Report, {key, value}: YamlEntry): Sited<Axis> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'list' && value.items.length > 0) {
		const list = sitedValueOf(report, value, 'matrix');
		return {...list, value: list.value as readonly unknown[]};
	}

	if (value.kind !== 'scalar' || !hasExpression(value.text)) {
		const example = value.kind === 'scalar' && value.text !== '' ? shortened(value.text, 20) : 'a, b';
		const expected = 'a list with a value, or an expression that gives a list';
		return wrong(report, key, value, expected, `Write \`${key}: [${example}]\`.`);
	}

	const site = readSingleExpression(report, value, 'matrix', {
		message: `\`${key}\` must be one expression that gives a list; with other text around it, it would be a text.`,
		suggestion: 'Keep the expression alone, or write a list.',
	});
	return site && {value: value.text.trim() as Template, sites: [site]};
};

/** What expressions give is only known when the step begins. */
const checkSize = (report: Report, start: number, matrix: Matrix): void => {
	const count = Object.values(matrix).reduce(
		(product, axis) => product * (typeof axis === 'string' ? 1 : axis.length),
		1,
	);
	if (count <= limits.itemsMax) return;
	const message = `This matrix has ${count} combinations; the limit is ${limits.itemsMax}.`;
	report.error('items.too-many', start, message, 'Take values out of its axes.');
};
