import type {ApprovalStep} from '../definition.ts';
import type {ExpressionSite} from '../expression/site.ts';
import {canBeReferenced} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {nounOf, type YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {notBuilt} from './not-built.ts';
import {type PlacedText, readChoice, readDurationMs, readInteger, readText} from './read-value.ts';
import {readSitedTemplate} from './templates.ts';

export type ApprovalOptions = Pick<ApprovalStep, 'expiresMs' | 'onExpire' | 'onReject' | 'editable'>;

export interface Approval {
	readonly options: ApprovalOptions;
	/** The step a rejection goes back to; checked when all steps are known. */
	readonly goto?: PlacedText;
	/** The expressions in it. */
	readonly sites: readonly ExpressionSite[];
}

type OnReject = Pick<ApprovalOptions, 'onReject'> & {readonly goto?: PlacedText};

const approvalKeys = ['expires', 'on-expire', 'on-reject', 'editable'] as const;
const defaults: ApprovalOptions = {onExpire: 'reject', onReject: 'fail'};

/** Reads `approval:`; nothing and `true` stand for no options. */
export const readApproval = (report: Report, {value}: YamlEntry): Approval => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && (value.value === null || value.value === true)))
		return {options: defaults, sites: []};
	if (value.kind !== 'map') {
		const message = `\`approval\` must be a mapping, not ${nounOf(value)}.`;
		const suggestion =
			value.kind === 'scalar' && typeof value.value === 'string'
				? 'Write `approval: {}`, and the question as text below.'
				: 'Write `approval: {}` or `approval: { expires: 4h }`.';
		report.error('value.invalid', value.start, message, suggestion);
		return {options: defaults, sites: []};
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
	const rejection = onReject && readOnReject(report, onReject);
	const editableEntry = entries.get('editable');
	const editable = editableEntry && readSitedTemplate(report, editableEntry, 'setting');
	return {
		options: {
			...(expiresMs === undefined ? undefined : {expiresMs}),
			onExpire: (onExpire && readChoice(report, onExpire, ['reject', 'approve', 'fail'])) ?? defaults.onExpire,
			onReject: rejection?.onReject ?? defaults.onReject,
			...(editable && {editable: editable.value}),
		},
		goto: rejection?.goto,
		sites: editable?.sites ?? [],
	};
};

const readOnReject = (report: Report, entry: YamlEntry): OnReject | undefined => {
	const {value} = entry;
	if (value.kind === 'map') return readGoto(report, entry);
	const name = value.kind === 'scalar' && canBeReferenced(value.text) ? value.text : '<step>';
	const choice = readChoice(
		report,
		entry,
		['fail', 'skip'],
		`Write \`on-reject: { goto: ${name} }\` to go back to a step.`,
	);
	return choice && {onReject: choice};
};

const readGoto = (report: Report, {keyStart, value}: YamlEntry): OnReject | undefined => {
	if (value.kind !== 'map') return undefined;
	const entries = readKeys(report, value, ['goto', 'max'], [], '`on-reject`');
	const gotoEntry = entries.get('goto');
	const maxEntry = entries.get('max');
	const max = maxEntry && readInteger(report, maxEntry, {min: 1, max: 100});
	if (!gotoEntry) {
		const message = '`on-reject` does not say which step to go back to.';
		report.error('key.missing', keyStart, message, 'Write `on-reject: { goto: <step> }`, `fail` or `skip`.');
		return undefined;
	}

	const text = readText(report, gotoEntry);
	if (text === undefined) return undefined;
	return {onReject: {goto: text, max: max ?? gotoMaxDefault}, goto: {text, start: gotoEntry.value.start}};
};

const gotoMaxDefault = 3;
