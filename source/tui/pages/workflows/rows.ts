import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {fitText} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import type {PickerItem} from './select.ts';

/** `fix-issue         14:02  Plan, fix and verify one issue.` */
export const pickerRowOf = ({name, description, problems, lastRun}: PickerItem, columns: number, look: Look): Row => {
	const {ellipsis, status} = look.glyphs;
	const when = lastRun ? clockWords(lastRun.createdAtMs, lastRun.createdAtMs) : '';
	return [
		problems > 0 ? span(`${status.failed} `, 'failed') : span('  '),
		span(fitText(cleanText(name), Math.min(24, Math.max(8, columns - 30)), ellipsis)),
		span(` ${fitText(when, 6, ellipsis)} `, 'muted'),
		problems > 0
			? span(problems === 1 ? 'one problem' : `${problems} problems`, 'failed')
			: span(cleanText(description), 'muted'),
	];
};
