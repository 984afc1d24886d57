import {cronTextsOf, monthNames, numberIn, valuesOf, weekdayNames} from './cron.ts';

/**
 * A schedule in plain English: `0 9 * * 1-5` → `at 09:00, Monday to Friday`.
 *
 * @param expression Without problems.
 * @returns `undefined` for what is not common: better nothing than something nearly right.
 */
export const scheduleWordsOf = (expression: string): string | undefined => {
	const [second, minute, hour, day, month, weekday] = cronTextsOf(expression);
	const time = timeWordsOf(second, minute, hour);
	const days = dayWordsOf(orAny(day), month, orAny(weekday));
	if (!time || days === undefined) return undefined;
	if (days !== '') return `${time.words}, ${days}`;
	return time.isOften ? time.words : `${time.words}, every day`;
};

const orAny = (text: string) => (text === '?' ? '*' : text);
const numberOf = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
const two = (value: number) => String(value).padStart(2, '0');
/** Of a step that comes out even: `*` and then `/15`. */
const stepOf = (text: string, size: number): number | undefined => {
	const step = /^\*\/(\d+)$/.exec(text)?.[1];
	return step !== undefined && size % Number(step) === 0 ? Number(step) : undefined;
};
const every = (count: number, unit: string) => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);

/** Times of a day that are still read at a glance. */
const timesMax = 4;

const timeWordsOf = (second: string, minute: string, hour: string): {words: string; isOften: boolean} | undefined => {
	const often = (words: string) => ({words, isOften: true});
	if (second !== '0') {
		const seconds = second === '*' ? 1 : stepOf(second, 60);
		return seconds !== undefined && minute === '*' && hour === '*' ? often(every(seconds, 'second')) : undefined;
	}

	const minutes = minute === '*' ? 1 : stepOf(minute, 60);
	const hours = /^(\d+)-(\d+)$/.exec(hour)?.slice(1).map(Number);
	const isForward = hours !== undefined && hours[0]! < hours[1]!;
	if (minutes !== undefined) {
		if (hour === '*') return often(every(minutes, 'minute'));
		const last = 60 - minutes;
		return isForward
			? often(`${every(minutes, 'minute')} from ${two(hours[0]!)}:00 to ${two(hours[1]!)}:${two(last)}`)
			: undefined;
	}

	const only = numberOf(minute);
	if (only !== undefined && hour === '*')
		return often(only === 0 ? 'every hour, on the hour' : `every hour, at minute ${only}`);
	const everyHours = stepOf(hour, 24);
	if (only !== undefined && everyHours !== undefined)
		return often(`${every(everyHours, 'hour')}${only === 0 ? '' : `, at minute ${only}`}`);
	if (only !== undefined && isForward)
		return often(`every hour from ${two(hours[0]!)}:${two(only)} to ${two(hours[1]!)}:${two(only)}`);
	if (!/^[\d,]+$/.test(minute) || !/^[\d,]+$/.test(hour)) return undefined;
	const times = valuesOf(hour, 0, 23, Number).flatMap(h =>
		valuesOf(minute, 0, 59, Number).map(m => `${two(h)}:${two(m)}`),
	);
	return times.length <= timesMax ? {words: `at ${listOf(times)}`, isOften: false} : undefined;
};

/** @returns Empty: every day. */
const dayWordsOf = (day: string, month: string, weekday: string): string | undefined => {
	const months = month === '*' ? '' : monthWordsOf(month);
	const weekdays = weekday === '*' ? '' : weekdayWordsOf(weekday);
	if (months === undefined || weekdays === undefined) return undefined;
	if (day === '*') {
		if (weekdays === '') return months === '' ? '' : `every day in ${months}`;
		if (months === '') return weekdays;
		return weekdays.endsWith('of the month') ? weekdays.replace(/the month$/, months) : `${weekdays} in ${months}`;
	}

	const days = dayNumbersOf(day);
	if (days === undefined || (weekdays !== '' && !/^\d$/.test(weekday))) return undefined;
	const date = `on the ${days} of ${months === '' ? 'the month' : months}`;
	return weekdays === '' ? date : `${date} when it is a ${weekdayNames[Number(weekday) % 7]}`;
};

const dayNumbersOf = (day: string): string | undefined => {
	if (/^L$/i.test(day)) return 'last day';
	if (/^LW$/i.test(day)) return 'last day from Monday to Friday';
	if (/^[\d,]+$/.test(day)) return listOf(valuesOf(day, 1, 31, Number).map(ordinalOf));
	const [, from, to] = /^(\d+)-(\d+)$/.exec(day) ?? [];
	return from !== undefined && Number(from) < Number(to)
		? `${ordinalOf(Number(from))} to ${ordinalOf(Number(to))}`
		: undefined;
};

const monthWordsOf = (month: string): string | undefined =>
	namesOf(
		month,
		text => numberIn('month', text),
		number => monthNames[number - 1]!,
	);

const weekdayWordsOf = (weekday: string): string | undefined => {
	const [, name = '', which] = /^([a-z]+|\d)(L|#[1-5])$/i.exec(weekday) ?? [];
	if (which !== undefined && numberIn('weekday', name) !== undefined) {
		const word = which.startsWith('#') ? ordinalWords[Number(which[1]) - 1]! : 'last';
		return `on the ${word} ${weekdayNames[numberIn('weekday', name)! % 7]} of the month`;
	}

	const words = namesOf(
		weekday,
		text => numberIn('weekday', text),
		number => weekdayNames[number % 7]!,
	);
	return words && /^\w+$/.test(words) ? `every ${words}` : words;
};

/** Names of a list or of a range that goes forward. */
const namesOf = (
	text: string,
	toNumber: (text: string) => number | undefined,
	nameOf: (number: number) => string,
): string | undefined => {
	const [from = '', to, ...more] = text.split('-');
	if (to !== undefined) {
		const [first, last] = [toNumber(from), toNumber(to)];
		return more.length === 0 && first !== undefined && last !== undefined && first < last
			? `${nameOf(first)} to ${nameOf(last)}`
			: undefined;
	}

	const numbers = text.split(',').map(part => toNumber(part));
	return numbers.every(number => number !== undefined) ? listOf(numbers.map(number => nameOf(number!))) : undefined;
};

const ordinalWords = ['first', 'second', 'third', 'fourth', 'fifth'];

const ordinalOf = (value: number): string => {
	const isTeen = value >= 11 && value <= 13;
	return `${value}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;
};

const listOf = (words: readonly string[]): string =>
	words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
