import type {Diagnostic} from '../../workflow/diagnostics.ts';
import type {Notice} from '../state.ts';
import {shortPathOf} from '../text/short-path.ts';

/** @returns What the cockpit says at its opening of settings that it cannot follow; warnings are `doctor`'s to tell. */
export const settingsNoticeOf = (diagnostics: readonly Diagnostic[], home: string): Notice | undefined => {
	const errors = diagnostics.filter(({severity}) => severity === 'error');
	const first = errors[0];
	if (!first) return undefined;
	const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
	const place = `${shortPathOf(first.file, home)}:${first.line}`;
	const text = `${place}: ${first.message}${more} The default is used; \`aiworkflow doctor\` tells all.`;
	return {kind: 'info', text, isLasting: true};
};
