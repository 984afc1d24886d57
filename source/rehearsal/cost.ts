import {readFile} from 'node:fs/promises';
import {parse} from 'yaml';
import {answerFor, type RecordedAnswer} from '../recording.ts';
import {itemsOf, type RunState} from '../run/state.ts';
import type {MicroUsd} from '../units.ts';
import {recordingOf} from './drift.ts';

/**
 * What the answers that these runs were given cost when they were recorded; a replay itself costs nothing.
 *
 * @returns Null where a recording does not say it of every answer.
 */
export const recordedCostOf = async (runs: readonly RunState[]): Promise<MicroUsd | null> => {
	let total = 0;
	for (const run of runs) {
		const asked = answeredIn(run);
		if (asked.length === 0) continue;
		const answers = await answersOf(run);
		for (const each of asked) {
			const costUsd = answerFor(answers, each)?.usage?.costUsd;
			if (typeof costUsd !== 'number') return null;
			total += Math.round(costUsd * 1_000_000);
		}
	}

	return total;
};

const answeredIn = ({stepOrder, steps}: RunState) =>
	stepOrder
		.map(id => steps[id]!)
		.filter(({kind}) => kind === 'agent')
		.flatMap(step =>
			(step.items ? [...itemsOf(step.items)] : [step]).flatMap(unit =>
				unit.attempts
					.filter(({status}) => status === 'completed')
					.map(({generation}) => ({stepId: step.id, item: 'index' in unit ? unit.index : undefined, generation})),
			),
		);

const answersOf = async (run: RunState): Promise<readonly RecordedAnswer[]> => {
	const file = recordingOf(run.workflow);
	return file === undefined ? [] : parse(await readFile(file, 'utf8'), {logLevel: 'error'}).answers;
};
