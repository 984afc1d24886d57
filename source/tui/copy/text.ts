import {unitNameOf} from '../../run/state.ts';
import {wireEventOf} from '../../run/wire.ts';
import {dataRowsOf} from '../run-view/data.ts';
import {cursorEventOf} from '../run-view/timeline.ts';
import {approvalOf, selectedAttentionOf, selectedRunOf, selectedStepOf} from '../select.ts';
import {type CockpitState, placeOf} from '../state.ts';

/** Something to copy, and what it is called. */
export interface Copied {
	readonly text: string;
	readonly what: string;
}

/** @returns What a copy of what has the focus is; `undefined` where there is nothing. */
export const copyOf = (state: CockpitState): Copied | undefined => {
	const run = selectedRunOf(state);
	const place = placeOf(state);
	switch (place === 'past' ? state.pane : place) {
		case 'needs':
			return copyOfQuestion(state);
		case 'runs':
			return run && {text: run.id, what: `the id of ${run.workflow.name} ${run.number}`};
		case 'steps': {
			const step = selectedStepOf(state);
			return (
				run && step && {text: `${run.id} ${unitNameOf(step.id, undefined)}`, what: 'the ids of the run and the step'}
			);
		}

		case 'output':
			return copyOfLower(state);
		default:
			return undefined;
	}
};

const copyOfQuestion = (state: CockpitState): Copied | undefined => {
	const item = selectedAttentionOf(state);
	if (!item) return undefined;
	const approval = item.kind === 'approval' ? approvalOf(state, item)?.approval : undefined;
	if (item.kind === 'trust') return {text: `${item.files.join('\n')}\n`, what: 'the files that wait for trust'};
	if (item.kind === 'dead-letters') return undefined;
	if (!approval) return {text: item.runId, what: 'the id of the run'};
	return {text: approval.preview ?? approval.question, what: approval.preview ? 'what is asked about' : 'the question'};
};

/** Of the pane below the steps, whatever it shows. */
const copyOfLower = (state: CockpitState): Copied | undefined => {
	switch (state.runView.lower) {
		case 'output':
			return copyOfOutput(state);
		case 'events': {
			const event = cursorEventOf(state);
			return event && {text: `${JSON.stringify(wireEventOf(event))}\n`, what: `event ${event.seq}`};
		}

		case 'data': {
			const rows = dataRowsOf(state, dataColumns).map(row => row.map(({text}) => text).join(''));
			return rows.length === 0 ? undefined : {text: `${rows.join('\n')}\n`, what: 'the data of the step'};
		}
	}
};

const dataColumns = 200;

const copyOfOutput = ({output}: CockpitState): Copied | undefined => {
	const {lines, firstNumber, skippedBytes} = output;
	if (lines.length === 0) return undefined;
	const isCut = firstNumber > 0 || skippedBytes > 0;
	const count = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
	return {
		text: `${lines.map(({text}) => text).join('\n')}\n`,
		what: isCut ? `the last ${count}` : count,
	};
};
