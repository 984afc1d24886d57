import type {WorkflowFileView, WorkflowView} from '../../../api/messages.ts';
import {listFilterOf} from '../../../list-filter.ts';
import type {RunState} from '../../../run/state.ts';
import {selectedRunOf} from '../../select.ts';
import type {CockpitState} from '../../state.ts';
import {selectedIdOf} from '../cursor.ts';
import {selectedToolOf} from '../tools/select.ts';
import {selectedTriggerOf} from '../triggers/select.ts';

/** A workflow that can be picked. */
export interface PickerItem {
	readonly file: string;
	readonly name: string;
	readonly description: string;
	/** Errors its file has. */
	readonly problems: number;
	readonly triggers: WorkflowView['triggers'];
	/** The newest run of it that is known here. */
	readonly lastRun?: RunState;
}

/** The workflows of the workspace and those that ran in it, what ran last first, then by name; as far as the filter lets. */
export const pickerItemsOf = (state: CockpitState): readonly PickerItem[] => {
	const {filter} = state.pages.workflows;
	const {value} = state.fetched.workflows ?? {};
	const known = picked.get(state.runs);
	if (known && known.filter === filter && known.value === value) return known.items;
	const fits = listFilterOf(filter);
	const all = allItemsOf(state, value ?? []);
	const items = fits ? all.filter(({name, description, file}) => fits(`${name} ${description} ${file}`)) : all;
	picked.set(state.runs, {filter, value, items});
	return items;
};

const picked = new WeakMap<
	CockpitState['runs'],
	{readonly filter: string; readonly value: unknown; readonly items: readonly PickerItem[]}
>();

const allItemsOf = ({runs, workspace}: CockpitState, workflows: readonly WorkflowView[]): PickerItem[] => {
	const lastRuns = lastRunsOf(runs, workspace);
	const listed = new Set(workflows.map(({file}) => file));
	const items: PickerItem[] = workflows.map(({file, name, description, problems, triggers}) => ({
		...{file, name, problems, triggers},
		description: description ?? '',
		lastRun: lastRuns.get(file),
	}));
	for (const [file, lastRun] of lastRuns) {
		if (listed.has(file)) continue;
		items.push({file, name: lastRun.workflow.name, description: '', problems: 0, triggers: [], lastRun});
	}

	return items.toSorted(
		(a, b) => (b.lastRun?.createdAtMs ?? 0) - (a.lastRun?.createdAtMs ?? 0) || a.name.localeCompare(b.name),
	);
};

/** By file. What a workflow itself started is not what a person picked. */
const lastRunsOf = (runs: CockpitState['runs'], workspace: string): Map<string, RunState> => {
	const last = new Map<string, RunState>();
	for (const run of runs.values()) {
		if (run.workspace !== workspace || run.parent) continue;
		const before = last.get(run.workflow.file);
		if (!before || before.createdAtMs < run.createdAtMs) last.set(run.workflow.file, run);
	}

	return last;
};

export const selectedItemOf = (state: CockpitState): PickerItem | undefined => {
	const items = pickerItemsOf(state);
	const file = selectedIdOf(
		items.map(item => item.file),
		state.pages.workflows.selected,
	);
	return items.find(item => item.file === file);
};

/** @returns The file that is shown in some way; `undefined` where none is. */
export const shownFileOf = (state: CockpitState): string | undefined => {
	const {dialog, screen} = state;
	// Of a template nothing is a file yet.
	if (dialog?.kind === 'form' && dialog.template !== undefined) return undefined;
	if (dialog?.kind === 'workflow' || dialog?.kind === 'form') return dialog.file;
	if (dialog?.kind === 'trust' && dialog.form) return dialog.form.file;
	if (screen === 'workflows') return selectedItemOf(state)?.file;
	return screen === 'triggers' ? selectedTriggerOf(state)?.file : undefined;
};

/** @returns What is known of the file that is shown. */
export const shownWorkflowOf = (state: CockpitState): WorkflowFileView | undefined => {
	const {workflow} = state.fetched;
	return workflow?.key === shownFileOf(state) ? workflow?.value : undefined;
};

/** @returns The file that is shown or edited from here. */
export const fileToShowOf = (state: CockpitState): string | undefined =>
	state.screen === 'home'
		? selectedRunOf(state)?.workflow.file
		: state.screen === 'tools'
			? selectedToolOf(state)?.file
			: shownFileOf(state);

/** Whether trusting the workspace would change anything: it is not trusted, and there is something to trust. */
export const isTrustMissing = ({fetched}: CockpitState): boolean => {
	const view = fetched.workspace?.value;
	return view !== undefined && !view.isTrusted && view.files.length > 0;
};
