import {capabilityNames} from '../capabilities.ts';
import {autoAgent, type RoutingWish, routingStrategies} from '../definition.ts';
import {didYouMean, nearestOf} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {type PlacedText, readChoice, readDurationMs, readTextList, readUsd, wrong} from './read-value.ts';

export const agentKeys = ['any', 'strategy', 'require', 'prefer', 'exclude', 'max-cost', 'max-latency'] as const;

export interface AgentSettings {
	/** In order of preference; empty: not said. */
	readonly agents: readonly string[];
	/** Missing where only names are given: the first of them that can. */
	readonly routing?: RoutingWish;
}

const example = 'Write `agent: [claude, codex]` or `agent: { any: [claude, codex], strategy: lowest-cost }`.';

/** Reads `agent:`, a name, a list of names, or a mapping that says how one of several is chosen. */
export const readAgent = (report: Report, entry: YamlEntry): AgentSettings | undefined => {
	const {value} = entry;
	if (value.kind !== 'map') {
		const names = readTextList(report, entry);
		return names && {agents: textsOf(names)};
	}

	const entries = readKeys(report, value, agentKeys, [], '`agent`');
	if (entries.size === 0)
		return wrong(report, entry.key, value, 'a name, a list of names or how one is chosen', example);
	const read = <T>(key: (typeof agentKeys)[number], reader: (report: Report, entry: YamlEntry) => T) => {
		const found = entries.get(key);
		return found && reader(report, found);
	};

	const any = read('any', readTextList) ?? [];
	const require = read('require', readTextList) ?? [];
	const prefer = read('prefer', readTextList) ?? [];
	const exclude = read('exclude', readTextList) ?? [];
	warnOfUnlisted(report, any, prefer, 'prefer');
	warnOfUnlisted(report, any, exclude, 'exclude');
	checkSomeAreLeft(report, any, exclude);
	warnOfBoth(report, prefer, exclude);
	warnOfSlips(report, require);
	const strategy = read('strategy', (_, found) => readChoice(report, found, routingStrategies));
	const maxCostUsd = read('max-cost', readUsd);
	const maxLatencyMs = read('max-latency', readDurationMs);
	return {
		agents: textsOf(any),
		routing: {
			...(strategy && {strategy}),
			...{require: textsOf(require), prefer: textsOf(prefer), exclude: textsOf(exclude)},
			...(maxCostUsd !== undefined && {maxCostUsd}),
			...(maxLatencyMs !== undefined && {maxLatencyMs}),
		},
	};
};

const textsOf = (texts: readonly PlacedText[]): readonly string[] => texts.map(({text}) => text);

/** Which agents `auto` stands for only the machine knows. */
const isOpen = (any: readonly PlacedText[]): boolean => any.length === 0 || any.some(({text}) => text === autoAgent);

const warnOfUnlisted = (
	report: Report,
	any: readonly PlacedText[],
	names: readonly PlacedText[],
	key: 'prefer' | 'exclude',
): void => {
	if (isOpen(any)) return;
	const listed = textsOf(any);
	for (const {text, start} of names) {
		if (listed.includes(text)) continue;
		const message = `\`${shortened(text)}\` is none of the agents under \`any\`, so that \`${key}\` does nothing.`;
		report.warning('agent.unlisted', start, message, didYouMean(text, listed, 'Name one of those under `any`.'));
	}
};

const checkSomeAreLeft = (report: Report, any: readonly PlacedText[], exclude: readonly PlacedText[]): void => {
	const excluded = textsOf(exclude);
	if (isOpen(any) || !any.every(({text}) => excluded.includes(text))) return;
	const message = '`exclude` names every agent under `any`, so that none is left.';
	report.error('agent.none-left', exclude[0]!.start, message, 'Leave at least one of them.');
};

const warnOfBoth = (report: Report, prefer: readonly PlacedText[], exclude: readonly PlacedText[]): void => {
	for (const {text, start} of prefer) {
		if (!textsOf(exclude).includes(text)) continue;
		const message = `\`${shortened(text)}\` is preferred and excluded; it is excluded.`;
		report.warning('agent.contradiction', start, message, 'Remove it from one of the two.');
	}
};

/** Any name may be a capability or a tag of an agent of the workspace; one that is nearly a known one is mostly a slip. */
const warnOfSlips = (report: Report, require: readonly PlacedText[]): void => {
	for (const {text, start} of require) {
		const nearest = isKnown(text) ? undefined : nearestOf(text, capabilityNames);
		// Short words are near to too many others.
		if (nearest === undefined || text.length < slipLengthMin || Math.abs(nearest.length - text.length) > 1) continue;
		const message = `No built-in profile of an agent has the capability \`${shortened(text)}\`.`;
		report.warning('agent.capability-unknown', start, message, `Did you mean \`${nearest}\`?`);
	}
};

const isKnown = (text: string): boolean => capabilityNames.some(known => known === text);
const slipLengthMin = 5;
