import {randomUUID} from 'node:crypto';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {Origin} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import {eventNameRule, isEventName} from '../../source/workflow/event-name.ts';
import type {Armed, Arming} from './arming.ts';
import {chainAfter} from './chain.ts';
import type {Desk, DeskJournal} from './desk.ts';
import type {Taken} from './parts.ts';

export interface EmitterParts {
	readonly desk: Pick<Desk, 'take' | 'pendingCount'>;
	readonly arming: Pick<Arming, 'all'>;
	readonly journal: DeskJournal;
	readonly now: () => number;
	readonly runOf: (
		id: string,
	) => Pick<RunState, 'id' | 'number' | 'workflow' | 'workspace' | 'taint' | 'trigger'> | undefined;
}

/** Something that happened, in the words of whoever says so. */
export interface Emission {
	readonly name: string;
	/** The only workspace that hears it. */
	readonly workspace: string;
	readonly data: unknown;
	/** What comes again under the same id starts nothing again. */
	readonly id?: string;
	/** Where the data come from, where the emitter says so. */
	readonly taint?: string;
	readonly origin: Origin;
	/** `run/step` of the attempt that emits it. */
	readonly inside?: string;
}

export interface Emitted {
	readonly id: string;
	readonly taint?: string;
	/** One for each armed trigger that heard it. */
	readonly heard: readonly (Taken & {readonly armed: Armed})[];
}

/**
 * Hands an event to the armed triggers of one workspace that wait for it. The event and its firings are durable, together,
 * when it resolves.
 *
 * @throws AiworkflowError `event.invalid`, `trigger.overloaded`, `trigger.data-too-large`, `journal.unwritable`.
 */
export const createEmitter =
	({desk, arming, journal, now, runOf}: EmitterParts) =>
	async ({name, workspace, data, id = randomUUID(), origin, inside, ...said}: Emission): Promise<Emitted> => {
		if (!isEventName(name)) throw eventInvalid(`\`${name.slice(0, shownLengthMax)}\` is no name of an event.`);
		const sizeBytes = Buffer.byteLength(JSON.stringify(data));
		const [runId, stepId = '?'] = inside?.split('/') ?? [];
		const run = runId === undefined ? undefined : runOf(runId);
		const isStranger = origin.via !== 'command' && origin.via !== 'cockpit';
		// A run of elsewhere knows as little about this workspace as anybody who reaches it from outside.
		const isForeign = runId !== undefined && run?.workspace !== workspace;
		const taint = said.taint ?? run?.taint ?? (isForeign || (!run && isStranger) ? `event ${name}` : undefined);
		const waiting = arming
			.all()
			.filter(
				({trigger, workspace: where}) => trigger.kind === 'event' && trigger.name === name && where === workspace,
			);
		checkRoom(desk.pendingCount() + waiting.length, sizeBytes);
		const emitter = run && {run: {id: run.id, number: run.number, workflow: run.workflow.name}};
		const given = {name, event: id, data, by: origin.by, ...emitter, chain: run ? chainAfter(run.trigger) : 0};
		// In one turn, so that one commit has the event and all that it fires.
		const body = {name, id, workspace, sizeBytes, taint, triggers: waiting.length, origin};
		journal.append(
			null,
			0,
			{type: 'event.emitted', body: {...body, ...(runId !== undefined && {emitter: {runId, stepId}})}},
			now(),
		);
		const taken = waiting.map(async trigger => ({
			...(await desk.take({trigger, dedupeKey: id, data: given, origin, taint})),
			armed: trigger,
		}));
		await journal.durable();
		return {id, taint, heard: await Promise.all(taken)};
	};

export type Emitter = ReturnType<typeof createEmitter>;

const shownLengthMax = 100;
/** Of `trigger` beside the data. */
const frameBytesMax = 4096;

/** Before anything is journalled: an event is heard by all that wait for it, or by none. */
const checkRoom = (count: number, sizeBytes: number): void => {
	if (count > limits.pendingFiringsMax) {
		throw new AiworkflowError({
			code: 'trigger.overloaded',
			message: `${limits.pendingFiringsMax} firings wait for their runs, the limit.`,
			suggestion: 'Try again later.',
			retryable: true,
		});
	}

	if (sizeBytes + frameBytesMax <= limits.triggerDataBytesMax) return;
	throw new AiworkflowError({
		code: 'trigger.data-too-large',
		message: `The data of the event have ${sizeBytes} bytes; the limit is ${limits.triggerDataBytesMax - frameBytesMax}.`,
		suggestion: 'Send a reference to them instead.',
	});
};

const eventInvalid = (message: string) =>
	new AiworkflowError({code: 'event.invalid', message, suggestion: eventNameRule});
