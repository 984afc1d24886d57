import type {ToolImplementationView, ToolView} from '../../../api/messages.ts';
import type {Look, StyleName} from '../../theme.ts';
import {clockWords} from '../../times.ts';

/** Whether a tool can be called now, as far as is known without asking it. */
export interface ToolStanding {
	readonly glyph: keyof Look['glyphs']['status'];
	readonly style: StyleName;
	/** `open until 15:00`. */
	readonly words: string;
	/** Nothing speaks against it. */
	readonly isUsable: boolean;
}

export const implementationStandingOf = ({breaker, last}: ToolImplementationView, nowMs: number): ToolStanding => {
	const untilMs = breaker?.untilAt ? Date.parse(breaker.untilAt) : 0;
	if (breaker?.state === 'open' && untilMs > nowMs) {
		const words = `open until ${clockWords(untilMs, nowMs)}`;
		return {glyph: 'sleeping', style: 'waiting', words, isUsable: false};
	}

	if (breaker && breaker.state !== 'closed')
		return {glyph: 'waiting', style: 'waiting', words: 'the next call tries it', isUsable: true};
	if (last && !last.isHealthy) return {glyph: 'failed', style: 'failed', words: 'does not work', isUsable: false};
	if (last) return {glyph: 'completed', style: 'completed', words: 'works', isUsable: true};
	return {glyph: 'pending', style: 'pending', words: 'not asked yet', isUsable: true};
};

/** Of the first implementation that can be used; where some cannot, how many that leaves. */
export const toolStandingOf = ({isTrusted, problems, implementations}: ToolView, nowMs: number): ToolStanding => {
	if (!isTrusted) return {glyph: 'waiting', style: 'waiting', words: 'waits for trust', isUsable: false};
	const all = implementations.map(each => implementationStandingOf(each, nowMs));
	const usable = all.filter(({isUsable}) => isUsable);
	const best = usable[0] ?? all[0];
	if (!best || problems.some(({severity}) => severity === 'error'))
		return {glyph: 'failed', style: 'failed', words: 'invalid file', isUsable: false};
	if (usable.length === 0 || usable.length === all.length) return best;
	return {...best, style: 'waiting', words: `${best.words}, ${usable.length} of ${all.length}`};
};
