import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';
import {openSession, type Session} from '../sessions/session.ts';

let session: Session;
beforeAll(() => {
	session = openSession();
});
afterAll(() => session.close());

const examplesMsMax = 240_000;

test('`aiworkflow test examples` runs every case of every example offline', {timeout: examplesMsMax}, async () => {
	// A proxy that nobody listens at: whatever asked the network would fail.
	const environment = {HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', TMPDIR: session.home};
	const {code, stdout, stderr} = await session.aiworkflow(['test', path.join(packageFolder, 'examples'), '--json'], {
		environment,
	});
	expect(stderr).toBe('');
	const {passed, cases} = JSON.parse(stdout);
	const failed = cases.filter((each: {status: string}) => each.status !== 'passed');
	expect(failed).toEqual([]);
	expect(code).toBe(0);
	expect(passed).toBeGreaterThanOrEqual(60);
	const workflows = new Set(cases.map((each: {workflow: string}) => each.workflow));
	for (const name of ['hello', 'parallel', 'repo-report', 'code-review', 'email-triage', 'foreach', 'uses', 'undo-git'])
		expect(workflows).toContain(name);
});
