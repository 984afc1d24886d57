import {eventNameRule, isEventName} from '../../event-name.ts';
import type {EventTrigger} from '../../triggers.ts';
import {shortened, type YamlEntry, type YamlMap} from '../../yaml/tree.ts';
import {readText} from '../read-value.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const example = 'event: deploy.done';

/** The name of an event, or `{ name, if, with }`. */
export const readEvent: TriggerReader<EventTrigger> = (report, node, start) => {
	if (node.kind !== 'map' && node.kind !== 'scalar') return wrongTrigger(report, 'event', node, example);
	const map: YamlMap =
		node.kind === 'map'
			? node
			: {kind: 'map', start: node.start, entries: [{key: 'name', keyStart: node.start, value: node} as YamlEntry]};
	const {entries, common, sites} = readTriggerKeys(report, map, ['name'], 'event');
	const nameEntry = entries.get('name');
	if (!nameEntry) return missingKey(report, 'event', 'name', start, example);
	const name = readText(report, nameEntry)?.trim();
	if (name === undefined) return undefined;
	if (!isEventName(name)) {
		report.error(
			'value.invalid',
			nameEntry.value.start,
			`\`${shortened(name)}\` is no name of an event.`,
			eventNameRule,
		);
		return undefined;
	}

	return {value: {kind: 'event', name, ...common}, sites};
};
