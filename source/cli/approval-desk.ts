import type {Client} from '../client/client.ts';
import {failureOf} from '../errors.ts';
import {originOf} from '../origin.ts';
import {approvalsToAskOf} from '../run/only-approval-left.ts';
import type {ApprovalState, RunState} from '../run/state.ts';
import {blockedStepsOf} from '../run/views.ts';
import {formatDuration} from '../units.ts';
import {cleanText, oneLine} from './clean.ts';
import {askApproval, type Prompt, type PromptStreams} from './prompt.ts';

/**
 * Asks the person at the terminal about the open approvals of a run, one after the other, while the run goes on. A
 * question that was answered elsewhere is taken back.
 */
export class ApprovalDesk {
	readonly #client: Client;
	readonly #streams: PromptStreams;
	readonly #postponed: Set<string>;
	#run: RunState | undefined;
	#asked: {readonly approval: ApprovalState; readonly prompt: Prompt} | undefined;
	#isClosed = false;

	/** @param settled Ids of approvals that are not asked, although the run is shown from a time when they were open. */
	constructor(
		client: Client,
		{
			streams = {input: process.stdin, output: process.stdout},
			settled = [],
		}: {readonly streams?: PromptStreams; readonly settled?: readonly string[]} = {},
	) {
		this.#client = client;
		this.#streams = streams;
		this.#postponed = new Set(settled);
	}

	/** Looks at the run as it stands: asks what is new, takes back what is settled. */
	update(run: RunState): void {
		this.#run = run;
		const open = approvalsToAskOf(run);
		if (this.#asked && !open.some(({id}) => id === this.#asked!.approval.id)) this.#asked.prompt.close();
		if (!this.#asked) this.#askNext();
	}

	/** Prints a line of progress, above the question where one is open. */
	print(text: string): void {
		if (this.#asked) this.#asked.prompt.print(text);
		else this.#streams.output.write(`${text}\n`);
	}

	close(): void {
		this.#isClosed = true;
		this.#asked?.prompt.close();
	}

	#askNext(): void {
		const approval = approvalsToAskOf(this.#run!).find(({id}) => !this.#postponed.has(id));
		if (!approval || this.#isClosed) return;
		const prompt = askApproval(() => detailLinesOf(this.#run!, approval), this.#streams);
		this.#asked = {approval, prompt};
		void prompt.answer.then(async answer => {
			this.#asked = undefined;
			this.#postponed.add(approval.id);
			if (answer?.kind === 'later') this.print(`  ${howToAnswer(approval.id)}`);
			else if (answer) await this.#send(approval.id, answer.kind, answer.comment);
			else if (!this.#isClosed) this.print('  Answered elsewhere.');
			this.#askNext();
		});
	}

	async #send(id: string, kind: 'approve' | 'reject', comment: string | undefined): Promise<void> {
		try {
			await this.#client[kind](id, {origin: originOf('command'), comment});
		} catch (error) {
			const {message, suggestion} = failureOf(error);
			this.print(`✗ ${message}${suggestion ? `\n  ${suggestion}` : ''}`);
		}
	}
}

export const howToAnswer = (id: string): string =>
	`Answer it with \`aiworkflow approvals approve ${id}\` or \`aiworkflow approvals reject ${id}\`.`;

const detailLinesOf = (run: RunState, approval: ApprovalState): string[] => {
	const blocked = blockedStepsOf(run, approval.stepId);
	const waitedMs = Date.now() - approval.requestedAtMs;
	return [
		...cleanText(approval.question).split('\n'),
		...(approval.preview ? ['', ...cleanText(approval.preview).split('\n'), ''] : []),
		...(approval.options?.map(({id, label, isAllow}) => `${isAllow ? 'yes' : 'no'}: ${oneLine(label)} (${id})`) ?? []),
		`Waiting for ${formatDuration(waitedMs)}. Blocks ${blocked.length === 0 ? 'no other step' : blocked.join(', ')}.`,
		...(approval.expiresAtMs
			? [`Expires ${new Date(approval.expiresAtMs).toISOString()}, then: ${approval.onExpire ?? 'reject'}.`]
			: []),
	];
};
