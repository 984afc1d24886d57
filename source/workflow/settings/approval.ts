import type {ApprovalStep} from '../definition.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {notBuilt, notBuiltMessage} from './not-built.ts';
import {readChoice, readDurationMs} from './read-value.ts';

type ApprovalOptions = Pick<ApprovalStep, 'expiresMs' | 'onExpire' | 'onReject'>;

const approvalKeys = ['expires', 'on-expire', 'on-reject'] as const;
const defaults: ApprovalOptions = {onExpire: 'reject', onReject: 'fail'};

/** Reads `approval:`; nothing and `true` stand for no options. */
export const readApproval = (report: Report, {value}: YamlEntry): ApprovalOptions => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && (value.value === null || value.value === true)))
		return defaults;
	if (value.kind !== 'map') {
		const message = `\`approval\` must be a mapping, not ${nounOf(value)}.`;
		const suggestion =
			value.kind === 'scalar' && typeof value.value === 'string'
				? 'Write `approval: {}`, and the question as text below.'
				: 'Write `approval: {}` or `approval: { expires: 4h }`.';
		report.error('value.invalid', value.start, message, suggestion);
		return defaults;
	}

	const entries = readKeys(report, value, approvalKeys, notBuilt.approval, '`approval`');
	const expires = entries.get('expires');
	const onExpire = entries.get('on-expire');
	const onReject = entries.get('on-reject');
	if (onExpire && !expires) {
		const message = '`on-expire` does nothing without `expires`.';
		report.warning('approval.never-expires', onExpire.keyStart, message, 'Add `expires: 4h`.');
	}

	const expiresMs = expires && readDurationMs(report, expires);
	return {
		...(expiresMs === undefined ? undefined : {expiresMs}),
		onExpire: (onExpire && readChoice(report, onExpire, ['reject', 'approve', 'fail'])) ?? defaults.onExpire,
		onReject: (onReject && readOnReject(report, onReject)) ?? defaults.onReject,
	};
};

const readOnReject = (report: Report, entry: YamlEntry): ApprovalStep['onReject'] | undefined => {
	const goto = entry.value.kind === 'map' ? entry.value.entries.find(({key}) => key === 'goto') : undefined;
	if (!goto) return readChoice(report, entry, ['fail', 'skip']);
	const suggestion = 'Use `on-reject: fail` or `skip` for now.';
	report.error('feature.not-built', goto.keyStart, notBuiltMessage('on-reject: { goto }'), suggestion);
	return undefined;
};
