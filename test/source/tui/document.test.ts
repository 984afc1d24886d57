import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {cockpitDocument} from '../../../scripts/cockpit-document.ts';
import {packageFolder} from '../../../source/install.ts';

test('docs/cockpit.md has the keys, themes and styles that there are (`npm run docs` makes them)', () => {
	const text = readFileSync(path.join(packageFolder, 'docs/cockpit.md'), 'utf8');
	expect(text).toBe(cockpitDocument(text));
});
