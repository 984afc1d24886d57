import type {RunTrigger} from '../../triggers.ts';
import {readText, readTextList, wrong} from '../read-value.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const example = 'run: { workflow: build, status: completed }';
const statuses = ['completed', 'failed', 'cancelled'] as const;

/** Runs of one workflow start runs of another. */
export const readRun: TriggerReader<RunTrigger> = (report, node, start) => {
	if (node.kind !== 'map') return wrongTrigger(report, 'run', node, example);
	const {entries, common, sites} = readTriggerKeys(report, node, ['workflow', 'status'], 'run');
	const workflowEntry = entries.get('workflow');
	if (!workflowEntry) return missingKey(report, 'run', 'workflow', start, example);
	const workflow = readText(report, workflowEntry)?.trim();
	const statusEntry = entries.get('status');
	const texts = statusEntry && readTextList(report, statusEntry)?.map(({text}) => text);
	const unknown = texts?.find(text => !statuses.some(known => known === text));
	if (statusEntry && unknown !== undefined)
		return wrong(report, 'status', statusEntry.value, statuses.map(each => `\`${each}\``).join(', '));
	if (workflow === undefined) return undefined;
	return {
		value: {kind: 'run', workflow, statuses: (texts as RunTrigger['statuses'] | undefined) ?? ['completed'], ...common},
		sites,
	};
};
