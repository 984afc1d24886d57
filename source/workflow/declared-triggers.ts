import {readFrontmatter} from './frontmatter.ts';
import {createReport} from './text/report.ts';
import {sourceTextOf} from './text/source-text.ts';
import {entryOf, plainValueOf, shortened, type YamlNode} from './yaml/tree.ts';

/** What a file writes under `on:`, whether this version can do it or not. */
export interface DeclaredTrigger {
	/** `schedule`, `webhook`, as written. */
	readonly name: string;
	/** Its settings on one line, cut; empty where there are none. */
	readonly settings: string;
	/** Of a schedule: the cron expression. */
	readonly cron?: string;
	/** 1-based. */
	readonly line: number;
}

const triggersMax = 50;

/** Reads `on:` alone, also of a file that cannot be run. Pure; `on: manual` is no trigger. */
export const declaredTriggersOf = (text: string): DeclaredTrigger[] => {
	const report = createReport(sourceTextOf(text, ''));
	const root = readFrontmatter(report)?.yaml.root;
	const on = root?.kind === 'map' ? entryOf(root, 'on')?.value : undefined;
	if (!on) return [];
	const lineOf = (offset: number) => report.source.positionOf(offset).line;
	return triggersIn(on, lineOf)
		.filter(({name}) => name !== 'manual')
		.slice(0, triggersMax);
};

const triggersIn = (node: YamlNode, lineOf: (offset: number) => number): DeclaredTrigger[] => {
	switch (node.kind) {
		case 'map':
			return node.entries.map(({key, keyStart, value}) => ({
				name: shortened(key),
				settings: settingsTextOf(value),
				...cronOf(key, value),
				line: lineOf(keyStart),
			}));
		case 'list':
			return node.items.flatMap(item => triggersIn(item, lineOf));
		case 'scalar':
			return node.value === null ? [] : [{name: shortened(node.text), settings: '', line: lineOf(node.start)}];
		case 'broken':
			return [];
	}
};

const settingsTextOf = (value: YamlNode): string => {
	if (value.kind === 'scalar') return value.value === null ? '' : shortened(value.text, settingsLengthMax);
	return value.kind === 'broken' ? '' : shortened(JSON.stringify(plainValueOf(value)), settingsLengthMax);
};

const settingsLengthMax = 200;

/** A schedule is a cron string, a mapping with one, or a list of either: the first of them. */
const cronOf = (name: string, value: YamlNode): {readonly cron?: string} => {
	if (name !== 'schedule') return {};
	const first = value.kind === 'list' ? value.items[0] : value;
	const cron = first?.kind === 'map' ? entryOf(first, 'cron')?.value : first;
	return cron?.kind === 'scalar' && typeof cron.value === 'string' ? {cron: shortened(cron.value)} : {};
};
