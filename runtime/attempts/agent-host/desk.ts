import type {PromptDrift} from '../../../source/run/events.ts';
import type {AgentEvent} from '../../agents/adapter.ts';
import type {HostEvent, ToolCalled} from '../agent-protocol.ts';
import type {Mailbox} from './mailbox.ts';
import type {OutputsDesk} from './outputs-desk.ts';
import type {Transcript} from './transcript.ts';
import type {Watchdog} from './watchdog.ts';

export interface DeskParts {
	/** Appends a line for the journal. */
	readonly record: (event: HostEvent) => void;
	readonly transcript: Transcript;
	readonly outputs: OutputsDesk;
	readonly mailbox: Mailbox;
	readonly watchdog: Watchdog;
	/** Whether the agent takes another prompt in its session. */
	readonly canRepair: boolean;
	readonly model?: string;
}

/** Sorts what an agent does: into the transcript, the journal's lines and the answer. */
export interface Desk {
	handle(event: AgentEvent): void;
	/** The agent is held where it is, or goes on. */
	hold(isOn: boolean): void;
	/** A tool that the agent was given works for it: the agent is not silent meanwhile. */
	callBegan(): void;
	/** @param called `wasRunning`: it had begun; a refused one never does. */
	callEnded(called: ToolCalled & {readonly wasRunning?: boolean}): void;
	facts(): {readonly sessionId?: string; readonly model?: string};
}

/** Warnings that reach the journal; a chatty agent must not flood it. */
const warningsMax = 50;
/** Questions of one attempt; an agent that asks more is not worth a person's time. */
const permissionsMax = 500;

export const createDesk = (parts: DeskParts): Desk => {
	const {record, transcript, outputs, mailbox, watchdog, canRepair} = parts;
	const open = new Map<string, () => void>();
	let {model} = parts;
	let sessionId: string | undefined;
	let warnings = 0;
	let asked = 0;
	let isHeld = false;
	let callsRunning = 0;

	const warn = (message: string, drift?: PromptDrift) => {
		transcript.note('!', message);
		if (warnings++ < warningsMax) record({t: 'warning', message, drift});
	};

	const close = (id: string) => {
		open.get(id)?.();
		open.delete(id);
		rest();
	};

	/** An agent that waits for a person or a tool, or is held, is not silent. */
	const rest = () => watchdog.pause(open.size > 0 || isHeld || callsRunning > 0);

	const ask = ({id, title, kind, preview, action, options, reply}: Extract<AgentEvent, {t: 'approval'}>) => {
		if (asked++ >= permissionsMax) {
			warn(`It asked for leave more than ${permissionsMax} times; this was refused: ${title}`);
			reply(null);
			return;
		}

		transcript.note('?', title);
		outputs.answer().breakMessage();
		record({t: 'permission', id, title, kind, preview, action, options});
		watchdog.pause(true);
		// Its place is taken before the mailbox looks: an answer may be there already.
		open.set(id, () => {});
		const forget = mailbox.expect(id, optionId => {
			close(id);
			transcript.note('→', options.find(option => option.id === optionId)?.label ?? 'Cancelled');
			reply(optionId);
		});
		if (open.has(id)) open.set(id, forget);
	};

	const handlers: {[T in AgentEvent['t']]?: (event: Extract<AgentEvent, {t: T}>) => void} = {
		session(event) {
			watchdog.touch();
			sessionId = event.id;
			model = event.model ?? model;
			record({t: 'session', sessionId, model, canResume: event.canResume});
		},
		text({delta, messageId}) {
			watchdog.touch();
			transcript.text(delta);
			outputs.answer().append(delta, messageId);
		},
		thought: () => watchdog.touch(),
		tool(event) {
			watchdog.touch();
			transcript.tool(event);
			outputs.answer().breakMessage();
		},
		approval: ask,
		'approval-closed'({id}) {
			close(id);
			record({t: 'permission-closed', id});
		},
		// No sign of life: an agent that only ever tries again is stalled.
		retry: ({detail}) => warn(`Trying again: ${detail}`),
		warning: ({message, drift}) => warn(message, drift),
		usage(event) {
			const {tokens, costMicroUsd, costSource, provider, units} = event;
			model ??= event.model;
			record({t: 'usage', tokens, costMicroUsd, costSource, model: event.model ?? model, provider, units});
		},
		outputs: event => outputs.takeApart(event.outputs),
		answered({reply}) {
			watchdog.touch();
			const repair = outputs.review(canRepair);
			if (repair !== undefined) warn('The outputs of the answer do not fit; asked for them once more.');
			reply(repair);
		},
	};

	return {
		handle: event => (handlers[event.t] as ((event: AgentEvent) => void) | undefined)?.(event),
		hold(isOn) {
			if (isOn === isHeld) return;
			isHeld = isOn;
			transcript.note('‖', isOn ? 'Held: its budget is spent, and a person is asked for more.' : 'It goes on.');
			rest();
		},
		callBegan() {
			callsRunning++;
			rest();
		},
		callEnded({wasRunning, ...called}) {
			if (wasRunning) callsRunning--;
			rest();
			const {tool, operation, outcome, code, durationMs} = called;
			const ending = {ok: `${durationMs} ms`, failed: `failed: ${code}`, refused: 'refused'}[outcome];
			transcript.note('⚒', `${tool}.${operation}: ${ending}`);
			record({t: 'tool-called', ...called});
		},
		facts: () => ({sessionId, model}),
	};
};
