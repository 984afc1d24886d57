import type {NewEvent} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {type PermissionRules, permissionKeys, verdictOf} from '../../source/workflow/permissions.ts';
import {engineOrigin} from './draft.ts';

/**
 * @returns The rules that hold for a step. Those of a run whose inputs come from strangers allow only what the step itself
 * says, and what a person allowed in this run; what is refused stays refused.
 */
export const rulesFor = (
	run: RunState,
	definition: WorkflowDefinition,
	step: StepDefinition,
	ofWorkspace: readonly PermissionRules[],
): readonly PermissionRules[] => {
	const wide = [...(definition.permissions ? [definition.permissions] : []), ...ofWorkspace];
	const own = step.kind === 'agent' && step.permissions ? [step.permissions] : [];
	const kept = run.taint === undefined ? wide : wide.map(onlyRefusals);
	return [...own, ...kept, ...(run.allowances ?? [])];
};

const onlyRefusals = (rules: PermissionRules): PermissionRules =>
	Object.fromEntries(permissionKeys.map(key => [key, rules[key]?.filter(pattern => pattern.startsWith('!'))]));

/** @returns The answer that rules give to a permission request; `undefined`: a person decides. Pure. */
export const answerOf = (
	request: NewEvent,
	rules: readonly PermissionRules[],
	workspace: string,
): Extract<NewEvent, {type: 'approval.approved' | 'approval.rejected'}> | undefined => {
	if (request.type !== 'approval.requested' || request.body.kind !== 'permission' || !request.body.action)
		return undefined;
	const {approvalId, stepId, item, action, options = []} = request.body;
	const verdict = verdictOf(rules, action, workspace);
	if (verdict.decision === 'ask') return undefined;
	const isAllowed = verdict.decision === 'allow';
	// The narrowest comes first: a rule answers this one question.
	const optionId = options.find(option => option.isAllow === isAllowed)?.id;
	if (optionId === undefined && isAllowed) return undefined;
	const body = {approvalId, stepId, item, origin: {...engineOrigin, by: 'permissions'}, optionId, rule: verdict.rule};
	return {type: isAllowed ? 'approval.approved' : 'approval.rejected', body};
};
