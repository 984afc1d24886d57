import type {Check, Finding} from './finding.ts';

export interface TerminalFacts {
	readonly isTerminal: boolean;
	readonly columns?: number;
	readonly rows?: number;
}

/** What the cockpit can draw here. */
export const checkTerminal: Check = {
	name: 'terminal',
	look: async ({environment}) => {
		const {isTTY, columns, rows} = process.stdout;
		return [terminalFinding({isTerminal: isTTY === true, columns, rows}, environment)];
	},
};

const columnsMin = 40;
const rowsMin = 10;

export const terminalFinding = (
	{isTerminal, columns, rows}: TerminalFacts,
	environment: NodeJS.ProcessEnv,
): Finding => {
	const name = 'terminal';
	const term = environment.TERM ?? '';
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	const size = columns === undefined ? '' : `, ${columns} x ${rows}`;
	if (!isTerminal) return {name, status: 'ok', detail: 'none here: commands print plain text'};
	if (term === '' || term === 'dumb')
		return {
			name,
			status: 'warn',
			detail: `TERM is "${term}"`,
			fix: 'Use `aiworkflow --inline`, or set TERM to what the terminal is, such as xterm-256color.',
		};
	if ((columns ?? columnsMin) < columnsMin || (rows ?? rowsMin) < rowsMin)
		return {
			name,
			status: 'warn',
			detail: `${term}${size}, smaller than ${columnsMin} x ${rowsMin}`,
			fix: 'Make the window larger, or use `aiworkflow --inline`.',
		};
	if (!/utf-?8/i.test(locale))
		return {
			name,
			status: 'warn',
			detail: `${term}${size}, with the locale "${locale}"`,
			fix: 'Set LANG to one with UTF-8, such as C.UTF-8, or use `aiworkflow --ascii`.',
		};
	const colours = environment.NO_COLOR
		? 'no colours, by NO_COLOR'
		: /truecolor|24bit/.test(environment.COLORTERM ?? '')
			? 'all colours'
			: 'colours';
	return {name, status: 'ok', detail: `${term}${size}, ${colours}, UTF-8${environment.TMUX ? ', in tmux' : ''}`};
};
