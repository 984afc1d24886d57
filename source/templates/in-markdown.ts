import type {Nodes, Root} from 'mdast';
import {fromMarkdown} from 'mdast-util-from-markdown';
import type {VariableValues} from './definition.ts';
import {valueMisfit} from './failures.ts';
import {isInExpression, type MisplacedMarker, misplacedInYaml, valuesIntoYaml} from './in-yaml.ts';
import {markersOf, withMarkers} from './markers.ts';
import {printedValueOf} from './printed-value.ts';

/** @returns The markers that cannot be replaced where they stand. */
export const misplacedInMarkdown = (text: string): MisplacedMarker[] =>
	(markersOf(text).length === 0 ? [] : regionsOf(text)).flatMap(({kind, start, end}) => {
		const slice = text.slice(start, end);
		if (kind === 'yaml') return misplacedInYaml(slice).map(marker => shifted(marker, start));
		if (kind === 'prose')
			return markersOf(slice)
				.filter(marker => isInExpressionAt(slice, marker.start))
				.map(marker => ({
					...shifted(marker, start),
					because: 'it stands in an expression, and values never become code',
				}));
		return markersOf(slice).map(marker => ({...shifted(marker, start), because: becauseOf[kind]}));
	});

/** Puts values into a Markdown file: into its YAML as YAML, into its prose as prose, and nowhere else. */
export const valuesIntoMarkdown = (text: string, values: VariableValues): string => {
	if (markersOf(text).length === 0) return text;
	const filled = regionsOf(text)
		.map(({kind, start, end}) => {
			const slice = text.slice(start, end);
			if (kind === 'yaml') return valuesIntoYaml(slice, values);
			return kind === 'prose' ? withMarkers(slice, name => proseOf(printedValueOf(values[name]!))) : slice;
		})
		.join('');
	// Whatever the values are: the same headings, the same scripts, no expression more.
	if (skeletonOf(filled) !== skeletonOf(text)) throw valueMisfit('the structure of the file around it');
	return filled;
};

interface Region {
	readonly kind: 'yaml' | 'prose' | 'heading' | 'script' | 'comment';
	readonly start: number;
	readonly end: number;
}

const becauseOf = {
	heading: 'the heading of a step is its id; name it in the text below',
	script: 'values never become code: give an input this default, and read `$INPUT_…` in the script',
	comment: 'a comment is for readers of the template, and takes no values',
} as const;

/** All of the file, in order, without gaps. */
const regionsOf = (text: string): Region[] => {
	const front = /^---[ \t]*\n([\s\S]*?\n)?---[ \t]*(?:\n|$)/.exec(text);
	const bodyStart = front?.[0].length ?? 0;
	const frontStart = text.indexOf('\n') + 1;
	const special: Region[] = front ? [{kind: 'yaml', start: frontStart, end: frontStart + (front[1]?.length ?? 0)}] : [];
	for (const region of specialOf(fromMarkdown(text.slice(bodyStart)), text.slice(bodyStart)))
		special.push({...region, start: region.start + bodyStart, end: region.end + bodyStart});
	const regions: Region[] = [];
	let at = 0;
	for (const region of special) {
		if (region.start > at) regions.push({kind: 'prose', start: at, end: region.start});
		regions.push(region);
		at = region.end;
	}

	return [...regions, {kind: 'prose', start: at, end: text.length}];
};

const specialOf = (root: Root, body: string): Region[] => {
	const regions: Region[] = [];
	const walk = (node: Nodes, isTop: boolean) => {
		const region = regionOf(node, isTop, body);
		if (region) regions.push(region);
		else if ('children' in node) for (const child of node.children) walk(child, isTop && node.type === 'root');
	};
	walk(root, true);
	return regions;
};

const regionOf = (node: Nodes, isTop: boolean, body: string): Region | undefined => {
	const start = node.position!.start.offset!;
	const end = node.position!.end.offset!;
	if (node.type === 'heading') return {kind: 'heading', start, end};
	if (node.type === 'html') return {kind: 'comment', start, end};
	if (node.type !== 'code') return undefined;
	if (/^(?:run|undo)\b/.test(node.meta ?? '')) return {kind: 'script', start, end};
	if (!isTop || !/^ya?ml$/.test(node.lang ?? '')) return undefined;
	const source = body.slice(start, end);
	const first = source.indexOf('\n') + 1;
	const last = source.lastIndexOf('\n') + 1;
	return first > 0 && last >= first ? {kind: 'yaml', start: start + first, end: start + last} : undefined;
};

const shifted = <Each extends {readonly start: number; readonly end: number}>(marker: Each, by: number): Each => ({
	...marker,
	start: marker.start + by,
	end: marker.end + by,
});

const isInExpressionAt = (text: string, at: number): boolean => {
	const opened = text.lastIndexOf('${{', at);
	return opened !== -1 && isInExpression(text.slice(opened));
};

/** What would begin a heading, a fence, a rule, HTML or a comment gets a backslash before it. */
const proseOf = (value: string): string =>
	value
		.replaceAll('<!--', '<\\!--')
		.replaceAll(/^([ \t]*)(?=<[A-Za-z/!?]|#{1,6}(?:[ \t]|$)|```|~~~|(?:[-=*_][ \t]*){2,}$)/gm, '$1\\');

/** What makes steps of a file: its headings, its fences with a role, its comments, and how many expressions it has. */
const skeletonOf = (text: string): string => {
	const body = text.replace(/^---[ \t]*\n[\s\S]*?\n---[ \t]*(?:\n|$)/, '');
	const prose = regionsOf(text)
		.filter(({kind}) => kind === 'prose')
		.map(({start, end}) => text.slice(start, end))
		.join('');
	const counts = [text.split('${{'), prose.split('<!--')].map(({length}) => String(length));
	const parts: string[] = [...counts, String(/^---[ \t]*\n/.test(text))];
	for (const node of fromMarkdown(body).children) {
		if (node.type === 'heading' || node.type === 'html' || node.type === 'thematicBreak')
			parts.push(`${node.type} ${body.slice(node.position!.start.offset, node.position!.end.offset)}`);
		else if (node.type === 'code' && /^(?:step|run|undo)\b/.test(node.meta ?? ''))
			parts.push(`${node.lang} ${node.meta} ${node.meta!.startsWith('step') ? '' : node.value}`);
		else if (node.type === 'code') parts.push(`fence ${node.lang ?? ''} ${node.meta ?? ''}`);
	}

	return parts.join('\0');
};
