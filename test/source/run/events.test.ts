import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {eventsDocument} from '../../../scripts/events-document.ts';
import {packageFolder} from '../../../source/install.ts';
import {eventBodies} from '../../../source/run/events.ts';

test('docs/events.md is what `npm run docs` makes', () => {
	expect(readFileSync(path.join(packageFolder, 'docs/events.md'), 'utf8')).toBe(eventsDocument());
});

test('every event is a noun and a verb in the past tense', () => {
	for (const type of Object.keys(eventBodies)) {
		expect(type).toMatch(/^[a-z]+(\.[a-z-]+)$/);
		expect(type).toMatch(/(ed|drawn|wound|taken)$/);
	}
});
