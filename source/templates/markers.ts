/** `<% name %>`, which neither YAML, Markdown, a shell nor an expression gives a meaning. */
export interface Marker {
	readonly name: string;
	readonly start: number;
	/** After its last character. */
	readonly end: number;
}

const pattern = /<%[ \t]*([A-Za-z][A-Za-z0-9_-]*)[ \t]*%>/g;

export const markersOf = (text: string): Marker[] =>
	Array.from(text.matchAll(pattern), match => ({
		name: match[1]!,
		start: match.index,
		end: match.index + match[0].length,
	}));

/** @returns The text with each marker replaced. */
export const withMarkers = (text: string, replacementOf: (name: string, marker: Marker) => string): string => {
	let result = '';
	let at = 0;
	for (const marker of markersOf(text)) {
		result += text.slice(at, marker.start) + replacementOf(marker.name, marker);
		at = marker.end;
	}

	return result + text.slice(at);
};
