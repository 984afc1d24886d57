import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {fastPaths} from '../../source/cli/fast-path.ts';
import {packageFolder} from '../../source/install.ts';

test.each(fastPaths.map(({words, ...rest}) => [words.join(' '), rest] as const))(
	'the fast path of `%s` is the command that Pastel has',
	async (words, {options, argsMax, load}) => {
		const file = `commands/${words.replace(' ', '/')}.tsx`;
		const command = await import(path.join(packageFolder, file));
		const known = Object.keys(command.options.shape).filter(name => !['json', 'verbose', 'color'].includes(name));
		expect(known).toEqual(Object.keys(options));
		expect(command.args?.def.items.length ?? 0).toBe(argsMax);
		expect(readFileSync(path.join(packageFolder, file), 'utf8')).toContain(`.${(await load()).name});`);
	},
);
