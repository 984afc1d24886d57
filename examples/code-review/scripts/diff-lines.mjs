/** @returns The lines that a diff adds, by file: [{file, line, text}], `line` being the number in the new file. */
export const addedLinesOf = diff => {
	const added = [];
	let file;
	let line = 0;
	let isHeader = true;
	for (const text of diff.split('\n')) {
		const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text);
		if (text.startsWith('diff --git ')) isHeader = true;
		else if (hunk) [line, isHeader] = [Number(hunk[1]), false];
		else if (isHeader && text.startsWith('+++ ')) file = text.slice(4).replace(/^b\//, '').replace(/\t$/, '');
		else if (!isHeader && text.startsWith('+')) added.push({file, line: line++, text: text.slice(1)});
		else if (!isHeader && text.startsWith(' ')) line++;
	}

	return added;
};
