/** The least contrast of text, by WCAG 2.2, criterion 1.4.3. */
export const textContrastMin = 4.5;

/**
 * Contrast ratio of two colours by WCAG 2.2 (relative luminance of sRGB), 1 to 21.
 *
 * @param first `#rrggbb`.
 * @param second `#rrggbb`.
 */
export const contrastOf = (first: string, second: string): number => {
	const [darker, lighter] = [luminanceOf(first), luminanceOf(second)].sort((a, b) => a - b) as [number, number];
	return (lighter + 0.05) / (darker + 0.05);
};

const luminanceOf = (color: string): number => {
	const [red, green, blue] = [1, 3, 5].map(at => linearOf(Number.parseInt(color.slice(at, at + 2), 16) / 255));
	return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

const linearOf = (channel: number): number =>
	channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
