import {isRunEnded} from '../run/state.ts';
import type {CockpitState} from './state.ts';

export interface Farewell {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** What is said on the normal screen: what goes on without the cockpit, or why it ended. */
export const farewellOf = (state: CockpitState, exitCode: number, error?: unknown): Farewell => {
	const {connection} = state;
	const stdout = goingOnWords(state);
	if (error !== undefined) {
		const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
		return {exitCode, stdout: '', stderr: `The cockpit crashed; this is a defect of aiworkflow. ${stdout}\n${detail}`};
	}

	if (connection.status === 'connecting' && connection.failure && exitCode === 0) {
		const {message, suggestion} = connection.failure;
		return {exitCode: 4, stdout: '', stderr: [message, suggestion].filter(Boolean).join('\n')};
	}

	return {exitCode, stdout, stderr: ''};
};

const goingOnWords = ({runs, waiting}: CockpitState): string => {
	const open = [...runs.values()].filter(run => !isRunEnded(run)).length;
	if (open === 0) return '';
	const asking =
		waiting.length === 0
			? ''
			: ` (${waiting.length} ${waiting.length === 1 ? 'question waits' : 'questions wait'} for you)`;
	return `${open === 1 ? '1 run goes' : `${open} runs go`} on without the cockpit${asking}. \`aiworkflow\` opens it again.`;
};
