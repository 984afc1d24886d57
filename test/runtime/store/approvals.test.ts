import path from 'node:path';
import {expect, test} from 'vitest';
import {createApprovalsTable} from '../../../runtime/store/approvals.ts';
import {openDatabase} from '../../../runtime/store/database.ts';
import type {ApprovalView} from '../../../source/run/views.ts';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';

test('the approvals of one run are found behind any number of others', async () => {
	await inTemporaryFolder(async folder => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		const table = createApprovalsTable(database);
		for (const [key, runId] of ['aaaa', 'bbbb', 'cccc'].entries()) {
			database.exec(
				`INSERT INTO runs (run, id, number, workflow, workspace, status, is_open, created_at_ms, summary) VALUES (${key}, '${runId}', 1, 'w', '/w', 'waiting', 1, 0, '{}')`,
			);
			const requestedAt = new Date(key).toISOString();
			table.write({id: `of-${runId}`, runId, status: 'open', requestedAt} as ApprovalView, key);
		}

		expect(table.list('open', 'bb', 1).map(view => view.id)).toEqual(['of-bbbb']);
		expect(table.list(undefined, 'aaaa', 1).map(view => view.id)).toEqual(['of-aaaa']);
		expect(table.list('open', '', 2).map(view => view.id)).toEqual(['of-aaaa', 'of-bbbb']);
		database.close();
	});
});
