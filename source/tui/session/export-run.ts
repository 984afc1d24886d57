import {open} from 'node:fs/promises';
import path from 'node:path';
import type {JournalEvent, WireEvent} from '../../run/events.ts';
import {unitNameOf} from '../../run/state.ts';
import {journalEventOf} from '../../run/wire.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {markdownOf} from '../export/markdown.ts';
import type {Effect} from '../keys/actions.ts';

type ExportEffect = Extract<Effect, {kind: 'export'}>;

/** Names tried beside one that is taken. */
const namesMax = 1000;

/**
 * Writes a run to a new file in the folder; nothing that is there is overwritten.
 *
 * @param folder Absolute.
 * @returns The name of the file.
 */
export const writeExport = async (
	daemon: CockpitDaemon,
	{runId, seq, format}: ExportEffect,
	folder: string,
): Promise<string> => {
	const events = await eventsUntil(daemon, runId, seq);
	const first = events[0];
	if (first?.type !== 'run.created') throw new Error('The beginning of the run is not in the journal any more.');
	const text =
		format === 'ndjson'
			? events.map(event => `${JSON.stringify(event)}\n`).join('')
			: await storyOf(daemon, events.map(journalEventOf));
	const {workflow, number} = first.body;
	const name = `${workflow.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')}-${number}${seq === undefined ? '' : `-event-${seq}`}`;
	return writeNew(folder, name, format, text);
};

/** Prompts that are asked for; a story of more steps and items goes without the rest. */
const promptsMax = 200;

/** All of them, however many: an export is not bounded by what the screen keeps. */
const eventsUntil = async (
	daemon: CockpitDaemon,
	runId: string,
	seq = Number.POSITIVE_INFINITY,
): Promise<WireEvent[]> => {
	const events: WireEvent[] = [];
	let after: number | undefined;
	do {
		const page = await daemon.runEvents(runId, {after});
		events.push(...page.events.filter(event => event.seq <= seq));
		if ((page.events.at(-1)?.seq ?? seq) >= seq) break;
		after = page.next ?? undefined;
	} while (after !== undefined);
	return events;
};

/** With what its agents were asked, which the journal does not have. */
const storyOf = async (daemon: CockpitDaemon, events: readonly JournalEvent[]): Promise<string> => {
	const prompts = new Map<string, string>();
	const last = new Map<string, {runId: string; attempt: number}>();
	for (const {type, body, runId} of events) {
		if (type !== 'attempt.started' || body.agent === undefined) continue;
		last.set(unitNameOf(body.stepId, body.item), {runId: runId!, attempt: body.attempt});
	}

	for (const [name, {runId, attempt}] of [...last].slice(0, promptsMax)) {
		const {text} = await daemon.stepRequest(runId, name, {attempt});
		if (text !== null) prompts.set(name, text);
	}

	return markdownOf(events, prompts);
};

const writeNew = async (folder: string, name: string, extension: string, text: string): Promise<string> => {
	for (let count = 1; count <= namesMax; count++) {
		const file = `${name}${count === 1 ? '' : `-${count}`}.${extension}`;
		try {
			const handle = await open(path.join(folder, file), 'wx');
			try {
				await handle.writeFile(text);
			} finally {
				await handle.close();
			}

			return file;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}

	throw new Error(`There are ${namesMax} files called ${name} in ${folder}.`);
};
