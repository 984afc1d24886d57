import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {nounOf, shortened, type YamlEntry, type YamlNode} from '../yaml/tree.ts';
import {insteadOf, notBuilt, notBuiltMessage} from './not-built.ts';

const known = ['manual', ...notBuilt.triggers];

/** Every workflow can be started by hand; `on: manual` only says so. All else under `on:` is not built. */
export const checkTriggers = (report: Report, {value}: YamlEntry): void => {
	if (value.kind === 'map') {
		for (const entry of value.entries) {
			checkName(report, entry.key, entry.keyStart, 'warning');
			if (entry.key === 'manual') checkManual(report, entry.value);
		}

		return;
	}

	for (const item of value.kind === 'list' ? value.items : [value]) {
		if (item.kind === 'broken') continue;
		if (item.kind === 'scalar' && item.value !== null) checkName(report, item.text, item.start, 'error');
		else reportWrong(report, item, '`on` must name triggers');
	}
};

const checkName = (report: Report, name: string, start: number, severity: 'error' | 'warning'): void => {
	if (name === 'manual') return;
	if (notBuilt.triggers.some(trigger => trigger === name)) {
		report.error('feature.not-built', start, notBuiltMessage(`on: ${name}`), insteadOf(name));
		return;
	}

	const message = `\`${shortened(name)}\` is not a trigger; it never starts a run.`;
	report[severity]('trigger.unknown', start, message, didYouMean(name, known, `Known triggers: ${known.join(', ')}.`));
};

const checkManual = (report: Report, value: YamlNode): void => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && (value.value === true || value.value === null))) return;
	if (value.kind !== 'map') {
		reportWrong(report, value, '`manual` must be `true`');
		return;
	}

	for (const {key, keyStart} of value.entries) {
		if (notBuilt.triggerOptions.some(option => option === key)) {
			report.error('feature.not-built', keyStart, notBuiltMessage(`on.manual.${key}`), insteadOf(key));
		} else {
			const suggestion = didYouMean(key, notBuilt.triggerOptions, '');
			report.warning(
				'key.unknown',
				keyStart,
				`\`${shortened(key)}\` is not a key of \`manual\`; it does nothing.`,
				suggestion,
			);
		}
	}
};

const reportWrong = (report: Report, value: YamlNode, expected: string): void =>
	report.error('value.invalid', value.start, `${expected}, not ${nounOf(value)}.`, 'Write `on: manual`.');
