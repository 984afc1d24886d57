/** Draws a captured screen, as `tmux capture-pane -e` gives it, in the 16 colours of a terminal. */
export const svgOf = (capture: string, {columns, rows, title}: Picture): string => {
	const lines = capture.replace(/\n$/, '').split('\n');
	const width = columns * cellWidth + 2 * margin;
	const height = rows * cellHeight + 2 * margin;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		`<title>${escaped(title)}</title>`,
		`<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
		`<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}" fill="${foreground}" xml:space="preserve" style="white-space:pre">`,
		...lines.flatMap((line, row) => drawnLine(line, row)),
		'</g>',
		'</svg>',
		'',
	].join('\n');
};

interface Picture {
	readonly columns: number;
	readonly rows: number;
	/** For those who cannot see it. */
	readonly title: string;
}

const [cellWidth, cellHeight, fontSize, margin] = [8.4, 18, 14, 14] as const;
const [background, foreground] = ['#1b1d23', '#d4d7dd'] as const;
/** Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones. */
const palette = [
	...['#3b3f4a', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d4d7dd'],
	...['#6b7280', '#f28b94', '#b5e08f', '#f5d898', '#8cc8ff', '#dca0ee', '#7fd4df', '#ffffff'],
] as const;

interface Style {
	readonly color?: string;
	readonly back?: string;
	readonly isBold?: boolean;
	readonly isDim?: boolean;
	readonly isInverse?: boolean;
}

const drawnLine = (line: string, row: number): string[] => {
	const y = margin + row * cellHeight;
	const drawn: string[] = [];
	let style: Style = {};
	let column = 0;
	for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
		const codes = /^\x1b\[([\d;]*)m$/.exec(part);
		if (codes) style = styled(style, codes[1]!.split(';').map(Number));
		else if (part !== '') {
			const columns = columnsOf(part);
			drawn.push(...drawnPart(part, style, {x: margin + column * cellWidth, y, width: columns * cellWidth}));
			column += columns;
		}
	}

	return drawn;
};

const drawnPart = (text: string, style: Style, {x, y, width}: {x: number; y: number; width: number}): string[] => {
	const [front, back] = style.isInverse
		? [style.back ?? background, style.color ?? foreground]
		: [style.color, style.back];
	const box = `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${cellHeight}"`;
	const look = [
		front === undefined ? '' : ` fill="${front}"`,
		style.isBold ? ' font-weight="bold"' : '',
		style.isDim ? ' opacity="0.6"' : '',
	].join('');
	// Stretched to its cells, so that borders meet whatever font is there.
	const place = `x="${number(x)}" y="${number(y + fontSize)}" textLength="${number(width)}" lengthAdjust="spacingAndGlyphs"`;
	return [
		...(back === undefined ? [] : [`<rect ${box} fill="${back}"/>`]),
		...(text.trim() === '' ? [] : [`<text ${place}${look}>${escaped(text)}</text>`]),
	];
};

const styled = (before: Style, codes: readonly number[]): Style => {
	let style = before;
	for (let index = 0; index < codes.length; index++) {
		const code = codes[index]!;
		if (code === 38 || code === 48) {
			// 256 colours and more are not the cockpit's own; the first 16 of them are.
			const color = codes[index + 1] === 5 ? palette[codes[index + 2]!] : undefined;
			style = code === 38 ? {...style, color} : {...style, back: color};
			index += codes[index + 1] === 5 ? 2 : 4;
		} else style = changed(style, code);
	}

	return style;
};

const changed = (style: Style, code: number): Style => {
	if (code === 0) return {};
	if (code === 1) return {...style, isBold: true};
	if (code === 2) return {...style, isDim: true};
	if (code === 7) return {...style, isInverse: true};
	if (code === 22) return {...style, isBold: false, isDim: false};
	if (code === 27) return {...style, isInverse: false};
	if (code === 39) return {...style, color: undefined};
	if (code === 49) return {...style, back: undefined};
	if (code >= 30 && code <= 37) return {...style, color: palette[code - 30]};
	if (code >= 90 && code <= 97) return {...style, color: palette[code - 82]};
	if (code >= 40 && code <= 47) return {...style, back: palette[code - 40]};
	if (code >= 100 && code <= 107) return {...style, back: palette[code - 92]};
	return style;
};

/** Everything in the pictures is one column wide but for what East Asia writes. */
const columnsOf = (text: string): number => {
	let columns = 0;
	for (const character of text)
		columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
	return columns;
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const number = (value: number): string => String(Math.round(value * 10) / 10);
