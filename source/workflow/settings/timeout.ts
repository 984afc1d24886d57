import type {StepBase} from '../definition.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readDurationMs} from './read-value.ts';

type Timeouts = Pick<StepBase, 'timeoutMs' | 'stepTimeoutMs'>;

/** Reads `timeout:` of a step: of one attempt, or `{ attempt, step }`. */
export const readTimeout = (report: Report, entry: YamlEntry): Timeouts => {
	const {value} = entry;
	if (value.kind !== 'map') return {timeoutMs: readDurationMs(report, entry)};
	const entries = readKeys(report, value, ['attempt', 'step'], [], '`timeout`');
	const attempt = entries.get('attempt');
	const step = entries.get('step');
	const timeoutMs = attempt && readDurationMs(report, attempt);
	const stepTimeoutMs = step && readDurationMs(report, step);
	if (timeoutMs !== undefined && stepTimeoutMs !== undefined && timeoutMs > stepTimeoutMs) {
		const message = 'An attempt may not take longer than its step: `attempt` is above `step`.';
		report.warning('timeout.unreachable', attempt!.value.start, message, 'Make it shorter, or remove it.');
	}

	return {timeoutMs, stepTimeoutMs};
};
