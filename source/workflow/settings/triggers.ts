import type {ExpressionSite, Sited} from '../expression/site.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {type Trigger, type TriggerKind, triggerKinds} from '../triggers.ts';
import {nounOf, shortened, type YamlEntry, type YamlNode} from '../yaml/tree.ts';
import {insteadOf, notBuilt, notBuiltMessage} from './not-built.ts';
import {readEvent} from './triggers/event.ts';
import {readFiles} from './triggers/files.ts';
import {readQueue} from './triggers/queue.ts';
import {readRun} from './triggers/run.ts';
import {readSchedule} from './triggers/schedule.ts';
import type {TriggerReader} from './triggers/trigger-reader.ts';
import {readWebhook} from './triggers/webhook.ts';

const readers: Readonly<Record<TriggerKind, TriggerReader<Trigger>>> = {
	schedule: readSchedule,
	webhook: readWebhook,
	files: readFiles,
	queue: readQueue,
	event: readEvent,
	run: readRun,
};

const known = ['manual', ...triggerKinds];

/**
 * Reads `on:`: the name of a trigger, a list of names, or a mapping from names to settings; where a kind may stand several
 * times, its settings are a list. Every workflow can be started by hand; `manual` only says so.
 */
export const readTriggers = (report: Report, {value}: YamlEntry): Sited<readonly Trigger[]> => {
	const triggers: Trigger[] = [];
	const sites: ExpressionSite[] = [];
	const counts = new Map<TriggerKind, number>();
	const add = (kind: TriggerKind, start: number, node: YamlNode): void => {
		if ((notBuilt.triggers as readonly string[]).includes(kind)) {
			report.error('feature.not-built', start, notBuiltMessage(`on: ${kind}`), insteadOf(kind));
			return;
		}

		for (const item of node.kind === 'list' ? node.items : [node]) {
			const read = readers[kind](report, item, start);
			if (!read) continue;
			const count = (counts.get(kind) ?? 0) + 1;
			counts.set(kind, count);
			const {line} = report.source.positionOf(item.start);
			triggers.push({...read.value, id: count === 1 ? kind : `${kind}-${count}`, line} as Trigger);
			sites.push(...read.sites);
		}
	};

	if (value.kind === 'map') {
		for (const {key, keyStart, value: settings} of value.entries) {
			const kind = kindOf(report, key, keyStart, 'warning');
			if (kind) add(kind, keyStart, settings);
			else if (key === 'manual') checkManual(report, settings);
		}

		return {value: triggers, sites};
	}

	for (const item of value.kind === 'list' ? value.items : [value]) {
		if (item.kind === 'broken') continue;
		if (item.kind !== 'scalar' || item.value === null) {
			reportWrong(report, item, '`on` must name triggers');
			continue;
		}

		const kind = kindOf(report, item.text, item.start, 'error');
		// A name by itself has no settings; its reader says what it needs.
		if (kind) add(kind, item.start, {kind: 'map', start: item.start, entries: []});
	}

	return {value: triggers, sites};
};

const kindOf = (
	report: Report,
	name: string,
	start: number,
	severity: 'error' | 'warning',
): TriggerKind | undefined => {
	if (name === 'manual') return undefined;
	const kind = triggerKinds.find(candidate => candidate === name);
	if (kind) return kind;
	const message = `\`${shortened(name)}\` is not a trigger; it never starts a run.`;
	report[severity]('trigger.unknown', start, message, didYouMean(name, known, `Known triggers: ${known.join(', ')}.`));
	return undefined;
};

const checkManual = (report: Report, value: YamlNode): void => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && (value.value === true || value.value === null))) return;
	if (value.kind !== 'map') {
		reportWrong(report, value, '`manual` must be `true`');
		return;
	}

	for (const {key, keyStart} of value.entries) {
		const message = `\`${shortened(key)}\` is not a key of \`manual\`; it does nothing.`;
		report.warning('key.unknown', keyStart, message, 'A run that a person starts gets its inputs from them.');
	}
};

const reportWrong = (report: Report, value: YamlNode, expected: string): void =>
	report.error('value.invalid', value.start, `${expected}, not ${nounOf(value)}.`, 'Write `on: manual`.');
