import {fuzzyScoreOf} from '../list-filter.ts';
import {templateCategories} from './definition.ts';
import type {ListedTemplate} from './sources.ts';

/** How many characters may lie between the letters of a word before it fits no more. */
const looseMax = 12;

/** @returns Templates whose id, name, tags, category or description have all words, the best first. */
export const searchTemplates = (templates: readonly ListedTemplate[], text: string): ListedTemplate[] => {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	return templates
		.map(template => ({template, score: scoreOf(template, words)}))
		.filter((each): each is {template: ListedTemplate; score: number} => each.score !== undefined)
		.sort((a, b) => a.score - b.score || a.template.id.localeCompare(b.template.id))
		.map(({template}) => template);
};

const scoreOf = (template: ListedTemplate, words: readonly string[]): number | undefined => {
	let sum = 0;
	for (const word of words) {
		const scores = fieldsOf(template).flatMap(([field, weight, isLoose]) => {
			const score = fuzzyScoreOf(field.toLowerCase(), word);
			if (score === undefined || score > (isLoose ? looseMax : 2)) return [];
			return [score + weight];
		});
		if (scores.length === 0) return undefined;
		sum += Math.min(...scores);
	}

	return sum;
};

/** Text, what a match in it is worth, and whether its letters may lie apart. In a long text any letters would. */
const fieldsOf = ({id, template: {metadata}}: ListedTemplate): readonly (readonly [string, number, boolean])[] => [
	[id, 0, true],
	...(metadata
		? ([
				[metadata.name, 1, true],
				...metadata.tags.map(tag => [tag, 1, true] as const),
				[templateCategories[metadata.category], 2, false],
				[metadata.description, 3, false],
			] as const)
		: []),
];
