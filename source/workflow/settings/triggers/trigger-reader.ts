import type {ExpressionSite, Sited} from '../../expression/site.ts';
import type {Report} from '../../text/report.ts';
import type {Trigger} from '../../triggers.ts';
import {nounOf, type YamlEntry, type YamlMap, type YamlNode} from '../../yaml/tree.ts';
import {readCondition} from '../condition.ts';
import {readKeys} from '../keys.ts';
import {readWith} from '../uses.ts';

/** Without what its place in the file gives it. */
export type Unplaced<T extends Trigger> = Omit<T, 'id' | 'line'>;

/**
 * Reads the settings of one trigger.
 *
 * @param start Offset of its name, for what is missing.
 * @returns `undefined` where it cannot be read; the reason is in the report.
 */
export type TriggerReader<T extends Trigger> = (
	report: Report,
	node: YamlNode,
	start: number,
) => Sited<Unplaced<T>> | undefined;

/** The keys of a trigger with those that every trigger has. */
export const readTriggerKeys = <K extends string>(
	report: Report,
	map: YamlMap,
	own: readonly K[],
	kind: Trigger['kind'],
): {
	readonly entries: ReadonlyMap<K | 'if' | 'with', YamlEntry>;
	readonly common: Pick<Trigger, 'if' | 'with'>;
	readonly sites: readonly ExpressionSite[];
} => {
	const entries = readKeys(report, map, [...own, 'if', 'with'] as const, [], `\`on.${kind}\``);
	const ifEntry = entries.get('if');
	const withEntry = entries.get('with');
	const condition = ifEntry && readCondition('trigger-if')(report, ifEntry);
	const given = withEntry && readWith(report, withEntry, 'trigger-with');
	return {
		entries,
		common: {...(condition && {if: condition.expression.trim()}), with: given?.value ?? {}},
		sites: [...(condition ? [condition] : []), ...(given?.sites ?? [])],
	};
};

/** Says what a trigger has to be. */
export const wrongTrigger = (report: Report, kind: Trigger['kind'], node: YamlNode, example: string): undefined => {
	if (node.kind === 'broken') return undefined;
	report.error(
		'value.invalid',
		node.start,
		`\`on.${kind}\` must be a mapping, not ${nounOf(node)}.`,
		`Write \`${example}\`.`,
	);
	return undefined;
};

/** Says which key is missing. */
export const missingKey = (
	report: Report,
	kind: Trigger['kind'],
	key: string,
	start: number,
	example: string,
): undefined => {
	report.error('key.missing', start, `\`on.${kind}\` has no \`${key}:\`.`, `Write \`${example}\`.`);
	return undefined;
};
