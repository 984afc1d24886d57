import type {Binding} from '../../keys/bindings.ts';
import {cannotDecide} from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {selectedToolOf, toolsOf} from './select.ts';

export const toolsBindings: readonly Binding[] = [
	{
		keys: ['c', 'enter'],
		action: 'check-tool',
		description: 'ask the tool now: open it, and have it tell what it can do',
		hint: 'ask it',
		where: ['tools'],
		isDecision: true,
		disabledReason: cannotAsk,
	},
	{
		keys: ['C'],
		action: 'check-tools',
		description: 'ask all tools now',
		hint: 'ask all',
		where: ['tools'],
		isDecision: true,
		disabledReason: cannotAskAny,
	},
	{
		keys: ['tab', 'shift-tab'],
		action: 'tool-half',
		description: 'the list or the details: which of them moves',
		hint: 'details',
		where: ['tools'],
		isMotion: true,
	},
];

function cannotAskAny(state: CockpitState): string | undefined {
	const tools = toolsOf(state);
	if (tools.length === 0) return 'There are no tools here.';
	return tools.some(({isTrusted}) => isTrusted) ? cannotDecide(state) : untrustedWords;
}

const untrustedWords = 'Nobody trusts this workspace: its tools are not opened.';

/** It starts programs, so it needs whoever may decide. */
function cannotAsk(state: CockpitState): string | undefined {
	const tool = selectedToolOf(state);
	if (!tool) return 'There is no tool under the cursor.';
	if (!tool.isTrusted) return untrustedWords;
	return tool.implementations.length === 0 ? 'Its file has mistakes.' : cannotDecide(state);
}
