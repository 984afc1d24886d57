import {parseDurationMs} from '../../units.ts';
import type {Template} from '../definition.ts';
import {hasExpression} from '../expression/template.ts';
import {didYouMean, nearestOf} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {nounOf, shortened, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar} from '../yaml/tree.ts';

// Each reader returns `undefined` where the value does not fit; the reason is in the report then.

/** Text that is read before the run, so that it cannot hold an expression. */
export const readText = (report: Report, {key, value}: YamlEntry): string | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'scalar' || value.text.trim() === '')
		return wrong(report, key, value, 'text', `Write one text after \`${key}:\`.`);
	return isFixed(report, key, value) ? value.text : undefined;
};

/** Text that may hold expressions. Numbers and booleans count as their text, nothing as empty text. */
export const readTemplate = (report: Report, {key, value}: YamlEntry): Template | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar') return value.text;
	return wrong(report, key, value, 'text', '`${{ toJSON(…) }}` makes text of a list or a mapping.');
};

export const readBoolean = (report: Report, {key, value}: YamlEntry): boolean | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
	if (!isFixed(report, key, value)) return undefined;
	return wrong(report, key, value, '`true` or `false`');
};

export const readDurationMs = (report: Report, {key, value}: YamlEntry): number | undefined => {
	if (value.kind === 'broken' || !isFixed(report, key, value)) return undefined;
	const durationMs = value.kind === 'scalar' ? parseDurationMs(value.text) : undefined;
	if (durationMs !== undefined && durationMs > 0) return durationMs;
	const isBareNumber = value.kind === 'scalar' && typeof value.value === 'number';
	const suggestion = isBareNumber
		? `Say the unit: \`${key}: ${value.text}s\` or \`${key}: ${value.text}m\`.`
		: value.kind === 'scalar'
			? durationSuggestion(key, value.text)
			: undefined;
	return wrong(report, key, value, 'a duration with its unit, like `45m` or `1h30m`', suggestion);
};

/** A whole number within bounds. */
export const readInteger = (
	report: Report,
	{key, value}: YamlEntry,
	{min, max}: {readonly min: number; readonly max: number},
): number | undefined => {
	if (value.kind === 'broken' || !isFixed(report, key, value)) return undefined;
	const number = value.kind === 'scalar' ? value.value : undefined;
	if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
	return wrong(report, key, value, `a whole number from ${min} to ${max}`, `Write \`${key}: ${Math.max(min, 3)}\`.`);
};

/** `5 minutes` → ``Write `timeout: 5m`.`` */
export const durationSuggestion = (key: string, text: string): string | undefined => {
	const match = /^(\d+(?:\.\d+)?)\s*(?:(s)ec|(m)in|(h)our|(h)r|(d)ay|(w)eek)[a-z]*$/i.exec(text.trim());
	const unit = match?.slice(2).find(letter => letter !== undefined);
	return match && unit ? `Write \`${key}: ${match[1]}${unit.toLowerCase()}\`.` : undefined;
};

/** An amount of money above 0: `0.25`, or `$0.25`, which is what people write. */
export const readUsd = (report: Report, {key, value}: YamlEntry): number | undefined => {
	if (value.kind === 'broken' || !isFixed(report, key, value)) return undefined;
	const usd = value.kind === 'scalar' ? numberOf(value) : undefined;
	if (usd !== undefined && Number.isFinite(usd) && usd > 0) return usd;
	return wrong(report, key, value, 'an amount of dollars above 0', `Write \`${key}: 0.25\`.`);
};

/** @returns The number that is written, a dollar sign before it left out. */
export const numberOf = ({value, text}: YamlScalar): number | undefined => {
	if (typeof value === 'number') return value;
	return /^\$\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text.trim().slice(1)) : undefined;
};

export const readChoice = <T extends string>(
	report: Report,
	{key, value}: YamlEntry,
	choices: readonly T[],
	otherwise?: string,
): T | undefined => {
	if (value.kind === 'broken' || !isFixed(report, key, value)) return undefined;
	const text = value.kind === 'scalar' ? value.text : undefined;
	const choice = choices.find(candidate => candidate === text);
	if (choice !== undefined) return choice;
	const expected = choices.map(candidate => `\`${candidate}\``).join(' or ');
	return wrong(report, key, value, expected, choiceSuggestion(text, choices, otherwise));
};

const choiceSuggestion = (text: string | undefined, choices: readonly string[], otherwise: string | undefined) =>
	text && (otherwise === undefined || nearestOf(text, choices) !== undefined)
		? didYouMean(text, choices, '')
		: otherwise;

/** One text, or a list of them. */
export const readTextList = (report: Report, {key, value}: YamlEntry): readonly PlacedText[] | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'map') return wrong(report, key, value, 'a name or a list of names', `Write \`${key}: [a, b]\`.`);
	const texts: PlacedText[] = [];
	for (const item of value.kind === 'list' ? value.items : [value]) {
		if (item.kind === 'broken') return undefined;
		if (item.kind !== 'scalar' || item.text.trim() === '') return wrong(report, key, item, 'a name or a list of names');
		if (!isFixed(report, key, item)) return undefined;
		texts.push({text: item.text, start: item.start});
	}

	return texts;
};

export interface PlacedText {
	readonly text: string;
	readonly start: number;
}

/** A mapping; nothing at all counts as an empty one. */
export const readMap = (report: Report, {key, value}: YamlEntry): YamlMap | undefined => {
	if (value.kind === 'map') return value;
	if (value.kind === 'scalar' && value.value === null) return {kind: 'map', start: value.start, entries: []};
	return value.kind === 'broken'
		? undefined
		: wrong(report, key, value, 'a mapping', `Write \`${key}: { name: value }\`.`);
};

const isFixed = (report: Report, key: string, value: YamlNode): boolean => {
	if (value.kind !== 'scalar' || typeof value.value !== 'string' || !hasExpression(value.text)) return true;
	const message = `\`${key}\` is read before the run starts, so it cannot hold an expression.`;
	report.error('expression.misplaced', value.offsetOf(value.text.indexOf('${{')), message, 'Write the value itself.');
	return false;
};

/** Says what was expected. @returns `undefined`, for whoever reads the value. */
export const wrong = (
	report: Report,
	key: string,
	value: YamlNode,
	expected: string,
	suggestion?: string,
): undefined => {
	const message = `\`${shortened(key)}\` must be ${expected}, not ${nounOf(value)}.`;
	report.error('value.invalid', value.start, message, suggestion || undefined);
	return undefined;
};
