import {didYouMean} from '../text/nearest.ts';

/** What is wrong with a cron expression, and where. */
export interface CronProblem {
	/** Offset in the expression. */
	readonly index: number;
	readonly message: string;
	readonly suggestion: string;
}

/** An expression with its nickname written out, seconds first: six fields. */
export type CronTexts = readonly [string, string, string, string, string, string];

/**
 * Checks a cron expression as node-cron reads it, and says what is wrong in words of its own; what node-cron takes without
 * a sensible meaning (a step that never comes, a number out of bounds within a range) is a problem here.
 *
 * @returns All problems, in order; none: node-cron takes it.
 */
export const cronProblemsOf = (expression: string): readonly CronProblem[] => {
	if (expression.trim().startsWith('@')) return nicknameProblemsOf(expression);
	const places = [...expression.matchAll(/\S+/g)].map(({0: text, index}) => ({text, index}));
	if (places.length !== 5 && places.length !== 6) {
		const message = `The schedule \`${expression.slice(0, 60)}\` has ${places.length} ${places.length === 1 ? 'field' : 'fields'}; it must have five, or six with seconds first.`;
		const suggestion =
			places.length === 7
				? 'There is no field for years: leave it out.'
				: 'Write minute, hour, day of the month, month and weekday: `0 9 * * 1-5`.';
		return [{index: 0, message, suggestion}];
	}

	const own = places.length === 5 ? fields.slice(1) : fields;
	const problems = places.flatMap(({text, index}, place) => fieldProblemsOf(own[place]!, text, index));
	return problems.length > 0 ? problems : impossibleDaysOf(expression, places.at(-3)!);
};

/** @param expression Without problems. */
export const cronTextsOf = (expression: string): CronTexts => {
	const written = nicknames[expression.trim().toLowerCase()] ?? expression.trim();
	const texts = written.split(/\s+/);
	return (texts.length === 5 ? ['0', ...texts] : texts) as unknown as CronTexts;
};

/** As in all crons. */
export const nicknames: Readonly<Record<string, string>> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

export const monthNames = [
	...['January', 'February', 'March', 'April', 'May', 'June'],
	...['July', 'August', 'September', 'October', 'November', 'December'],
];
export const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Field {
	readonly name: string;
	readonly min: number;
	/** Of what is written; a weekday 7 is Sunday again. */
	readonly max: number;
	readonly names: readonly string[];
}

const fields: readonly Field[] = [
	{name: 'second', min: 0, max: 59, names: []},
	{name: 'minute', min: 0, max: 59, names: []},
	{name: 'hour', min: 0, max: 23, names: []},
	{name: 'day', min: 1, max: 31, names: []},
	{name: 'month', min: 1, max: 12, names: monthNames},
	{name: 'weekday', min: 0, max: 7, names: weekdayNames},
];

/**
 * Reads the number or name that a field may hold.
 *
 * @returns `undefined` where it is neither.
 */
export const numberIn = (field: 'month' | 'weekday' | 'number', text: string): number | undefined => {
	if (/^\d{1,4}$/.test(text)) return Number(text);
	if (field === 'number') return undefined;
	const names = field === 'month' ? monthNames : weekdayNames;
	const index = names.findIndex(name =>
		[name, name.slice(0, 3)].some(each => each.toLowerCase() === text.toLowerCase()),
	);
	if (index < 0) return undefined;
	return field === 'month' ? index + 1 : index;
};

const valueIn = (field: Field, text: string) =>
	numberIn(field.name === 'month' || field.name === 'weekday' ? field.name : 'number', text);

const nicknameProblemsOf = (expression: string): readonly CronProblem[] => {
	const text = expression.trim();
	if (nicknames[text.toLowerCase()] !== undefined) return [];
	const every = /^@every\s+(\d+)\s*([smh])/.exec(text);
	const suggestion = every
		? `Write \`${everyOf(every[1]!, every[2]!)}\`.`
		: text === '@reboot'
			? 'A schedule is about moments; nothing is started because a daemon starts.'
			: didYouMean(text, Object.keys(nicknames), '');
	return [{index: 0, message: `There is no schedule \`${text.slice(0, 60)}\`.`, suggestion}];
};

const everyOf = (count: string, unit: string): string => {
	if (unit === 's') return `*/${count} * * * * *`;
	return unit === 'm' ? `*/${count} * * * *` : `0 */${count} * * *`;
};

const fieldProblemsOf = (field: Field, text: string, index: number): CronProblem[] => {
	if (text === '?' && (field.name === 'day' || field.name === 'weekday')) return [];
	let at = index;
	return text.split(',').flatMap(token => {
		const place = at;
		at += token.length + 1;
		const problem = tokenProblemOf(field, token);
		return problem ? [{index: place, ...problem}] : [];
	});
};

type Problem = Omit<CronProblem, 'index'>;

const tokenProblemOf = (field: Field, token: string): Problem | undefined => {
	if (isSpecial(field, token)) return undefined;
	const match = /^(\*|[^-/]+)(?:-([^-/]+))?(?:\/([^/]*))?$/.exec(token);
	if (!match) return unreadable(field, token);
	const [, from = '', to, step] = match;
	if (from === '*' && to !== undefined) return unreadable(field, token);
	for (const text of from === '*' ? [] : [from, to ?? from]) {
		const problem = valueProblemOf(field, text, token);
		if (problem) return problem;
	}

	if (step === undefined) return undefined;
	if (from !== '*' && to === undefined) {
		const message = `A ${field.name} \`${token}\` has a step and no range.`;
		return {message, suggestion: `Write \`${from}-${maxOf(field)}/${step}\`.`};
	}

	const size = maxOf(field) - field.min + 1;
	const every = /^\d+$/.test(step) ? Number(step) : Number.NaN;
	if (every >= 1 && every < size) return undefined;
	const message = `The step of the ${field.name} \`${token}\` must be a number from 1 to ${size - 1}.`;
	return {message, suggestion: every >= size ? tooWideSuggestion(field) : `Write \`*/5\`, or no step.`};
};

const tooWideSuggestion = ({name}: Field): string =>
	name === 'minute' || name === 'second'
		? `A step begins anew with each ${name === 'minute' ? 'hour' : 'minute'}; write the ${name === 'minute' ? 'hours' : 'minutes'} in the field after it.`
		: 'Write the values themselves, as `1,15`.';

/** Sunday is 0 where numbers are counted, and 7 as well where they are written. */
const maxOf = ({name, max}: Field): number => (name === 'weekday' ? 6 : max);

const valueProblemOf = (field: Field, text: string, token: string): Problem | undefined => {
	const {name, min, max, names} = field;
	const value = valueIn(field, text);
	if (value === undefined) {
		if (names.length === 0 || !/^[a-z]+$/i.test(text)) return unreadable(field, token);
		const known = names.map(each => each.slice(0, 3).toLowerCase());
		return {
			message: `There is no ${name} \`${text}\`.`,
			suggestion: didYouMean(text, [...names, ...known], `Write one of ${known.join(', ')}.`),
		};
	}

	if (value >= min && value <= max) return undefined;
	const suggestion =
		name === 'hour' && value === 24 ? 'Midnight is hour 0.' : `Write a number from ${min} to ${max}${hintOf(field)}.`;
	return {message: `There is no ${name} ${text}.`, suggestion};
};

const hintOf = ({name}: Field): string => (name === 'weekday' ? '; 0 and 7 are Sunday' : '');

const unreadable = ({name, names}: Field, token: string): Problem => ({
	message: `The ${name} \`${token.slice(0, 40)}\` cannot be read.`,
	suggestion: `Write \`*\`, a number, ${names.length > 0 ? 'a name, ' : ''}a range as \`1-5\`, a step as \`*/2\`, or several with commas between them.`,
});

/** `L`, `L-3`, `15W` and `LW` of days; `5L` and `1#2` of weekdays. */
const isSpecial = ({name}: Field, token: string): boolean => {
	if (name === 'day') return lastDayIn(token) !== undefined;
	if (name !== 'weekday') return false;
	const match = /^([a-z]+|\d)(?:L|#[1-5])$/i.exec(token);
	const weekday = match ? numberIn('weekday', match[1]!) : undefined;
	return weekday !== undefined && weekday <= 7;
};

/** @returns The least day that a month must have for the token to come to pass; `undefined` where it is no such token. */
const lastDayIn = (token: string): number | undefined => {
	if (/^LW?$/i.test(token)) return 1;
	const [, target, before] = /^(?:(\d{1,2})W|L-(\d{1,2}))$/i.exec(token) ?? [];
	if (target !== undefined) return Number(target) >= 1 && Number(target) <= 31 ? Number(target) : undefined;
	return before !== undefined && Number(before) >= 1 && Number(before) <= 30 ? Number(before) + 1 : undefined;
};

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** 30 February, and others that no year has. */
const impossibleDaysOf = (expression: string, place: {readonly index: number}): CronProblem[] => {
	const [, , , dayText, monthText] = cronTextsOf(expression);
	const months = valuesOf(monthText, 1, 12, text => numberIn('month', text)!);
	const firstDay = Math.min(
		...dayText
			.split(',')
			.map(token => lastDayIn(token) ?? (/^[*?]/.test(token) ? 1 : Math.min(...valuesOf(token, 1, 31, Number)))),
	);
	const longest = Math.max(...months.map(month => daysInMonth[month - 1]!));
	if (firstDay <= longest) return [];
	const names = months.map(month => monthNames[month - 1]!).join(', ');
	const message = `This schedule never fires: no ${names} has a day ${dayText}.`;
	return [{index: place.index, message, suggestion: `The last day of each month is \`L\`.`}];
};

/**
 * @param min Of the field; a range that goes backwards goes on from there.
 * @returns The values of a field without special tokens, ascending.
 */
export const valuesOf = (text: string, min: number, max: number, toNumber: (text: string) => number): number[] => {
	const values = new Set<number>();
	for (const token of text.split(',')) {
		const [range = '', step = '1'] = token.split('/');
		const [from, to] = range === '*' ? [min, max] : range.split('-').map(part => toNumber(part));
		const size = max - min + 1;
		const last = to ?? from!;
		const span = last >= from! ? last - from! : (((last - from!) % size) + size) % size;
		for (let offset = 0; offset <= span; offset += Number(step)) values.add(((from! + offset - min) % size) + min);
	}

	return [...values].sort((a, b) => a - b);
};
