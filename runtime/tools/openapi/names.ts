/** Names of operations are used as `tool: <tool>.<operation>` and given to agents: letters, digits, `-` and `_`. */
export const operationNames = (
	operations: readonly {readonly operationId?: string; readonly method: string; readonly path: string}[],
): readonly string[] => {
	const taken = new Set<string>();
	return operations.map(({operationId, method, path}) => {
		const described = safeName(`${method}-${path}`);
		const own = safeName(operationId ?? '') || described;
		// Whoever comes first in the document keeps the short name; the place of another one is told by its path.
		let name = taken.has(own) ? described : own;
		for (let count = 2; taken.has(name); count++) name = `${described.slice(0, nameLengthMax - 4)}-${count}`;
		taken.add(name);
		return name;
	});
};

const nameLengthMax = 64;

const safeName = (text: string) =>
	text
		.replaceAll(/[^A-Za-z0-9_]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, nameLengthMax)
		.replace(/-+$/, '');
