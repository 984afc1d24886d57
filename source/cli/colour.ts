export interface Paint {
	readonly bold: (text: string) => string;
	readonly dim: (text: string) => string;
	readonly red: (text: string) => string;
	readonly green: (text: string) => string;
	readonly yellow: (text: string) => string;
	readonly cyan: (text: string) => string;
}

/** The terminal's own colours, or none: every state has a glyph and a word as well. */
export const createPaint = (isEnabled: boolean): Paint => {
	const sgr = (open: number, close: number) => (text: string) =>
		isEnabled && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
	return {
		bold: sgr(1, 22),
		dim: sgr(2, 22),
		red: sgr(31, 39),
		green: sgr(32, 39),
		yellow: sgr(33, 39),
		cyan: sgr(36, 39),
	};
};

/** Colour is for terminals, unless `--no-color` or the environment (no-color.org) says no. */
export const hasColour = (
	stream: {readonly isTTY?: boolean},
	isAskedFor: boolean,
	environment: Readonly<Record<string, string | undefined>>,
): boolean => isAskedFor && stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
