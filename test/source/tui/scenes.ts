import {createScriptedDaemon, type ScriptedDaemon} from './scripted-daemon.ts';

/** Situations worth looking at, played on a scripted daemon. Every moment is counted from `startMs`. */

const tokens = {input: 1200, cachedInput: 0, output: 340, reasoning: 0};

/** One run of each kind: two that run, two that ask, a failed, a cancelled and two finished ones. */
export const playBusy = (startMs: number): ScriptedDaemon => {
	const daemon = createScriptedDaemon(startMs);
	const at = (secondsAgo: number) => {
		daemon.clock.nowMs = startMs - secondsAgo * 1000;
	};
	at(5000);
	finished(daemon, 'r-standup', 'standup', 12, 100);
	at(4000);
	finished(daemon, 'r-fix41', 'fix-issue', 41, 362);
	at(3000);
	failed(daemon);
	at(2500);
	cancelled(daemon);
	at(1200);
	release(daemon);
	at(600);
	audit(daemon, startMs);
	at(252);
	fixIssue(daemon, startMs);
	daemon.clock.nowMs = startMs;
	return daemon;
};

const finished = (daemon: ScriptedDaemon, id: string, workflow: string, number: number, seconds: number): void => {
	daemon.createRun(id, {workflow, number, steps: [{id: 'gather'}, {id: 'judge', kind: 'agent'}]});
	daemon.emit(id, 'attempt.started', {stepId: 'gather', attempt: 1});
	daemon.print(id, 'gather', '12 commits by 3 people\n');
	daemon.endOutput(id, 'gather');
	daemon.emit(id, 'step.completed', {stepId: 'gather', attempt: 1, outputs: {}});
	const agent = {id: 'claude', isReplay: true};
	daemon.emit(id, 'attempt.started', {stepId: 'judge', attempt: 1, agent: 'claude'});
	daemon.clock.nowMs += seconds * 1000;
	daemon.emit(id, 'usage.recorded', {
		stepId: 'judge',
		attempt: 1,
		agent: 'claude',
		tokens,
		costMicroUsd: 110_000,
		costSource: 'agent',
	});
	daemon.print(id, 'judge', 'All quiet: nothing that needs a person today.\n');
	daemon.endOutput(id, 'judge');
	daemon.emit(id, 'step.completed', {stepId: 'judge', attempt: 1, outputs: {}, agent});
	daemon.emit(id, 'run.completed', {outputs: {}});
};

const failed = (daemon: ScriptedDaemon): void => {
	const id = 'r-deploy';
	daemon.createRun(id, {workflow: 'deploy', number: 90, steps: [{id: 'build'}, {id: 'test'}, {id: 'push'}]});
	daemon.emit(id, 'attempt.started', {stepId: 'build', attempt: 1});
	daemon.emit(id, 'step.completed', {stepId: 'build', attempt: 1, outputs: {}});
	daemon.emit(id, 'attempt.started', {stepId: 'test', attempt: 1});
	daemon.print(id, 'test', 'ok 1 - adds\nok 2 - removes\n');
	daemon.print(id, 'test', 'not ok 3 - applies the discount\n  expected 90, got 100\n', 'stderr');
	daemon.endOutput(id, 'test');
	daemon.clock.nowMs += 31_400;
	const failure = {
		code: 'script.failed',
		message: 'The script of step "test" ended with exit code 2.',
		suggestion: 'Read its output, mend the script, and run the workflow again.',
	};
	daemon.emit(id, 'step.failed', {stepId: 'test', attempt: 1, failure, exitCode: 2});
	daemon.emit(id, 'step.skipped', {stepId: 'push', reason: 'need-failed', detail: 'it needs test, which failed'});
	daemon.emit(id, 'run.failed', {failure: {code: 'step.failed', message: 'Step test failed.'}});
};

const cancelled = (daemon: ScriptedDaemon): void => {
	const id = 'r-docs';
	daemon.createRun(id, {workflow: 'docs', number: 31, workspace: '/src/site', steps: [{id: 'collect'}, {id: 'write'}]});
	daemon.emit(id, 'attempt.started', {stepId: 'collect', attempt: 1});
	daemon.clock.nowMs += 9000;
	daemon.emit(id, 'run.cancel-requested', {origin: {by: 'ada', via: 'command'}, reason: 'asked for'});
	daemon.endOutput(id, 'collect');
	daemon.emit(id, 'step.cancelled', {stepId: 'collect', attempt: 1});
	daemon.emit(id, 'step.cancelled', {stepId: 'write'});
	daemon.emit(id, 'run.cancelled', {reason: 'asked for'});
};

const release = (daemon: ScriptedDaemon): void => {
	const id = 'r-release';
	const steps = [{id: 'notes', kind: 'agent'}, {id: 'ship', kind: 'approval'}, {id: 'tag'}, {id: 'announce'}] as const;
	daemon.createRun(id, {workflow: 'release', number: 7, steps});
	daemon.emit(id, 'attempt.started', {stepId: 'notes', attempt: 1, agent: 'codex'});
	daemon.print(id, 'notes', '# 2.4.0\n\n- The discount is applied before the total.\n- Faster cart.\n');
	daemon.endOutput(id, 'notes');
	daemon.clock.nowMs += 41_000;
	const agent = {id: 'codex', isReplay: false};
	daemon.emit(id, 'step.completed', {stepId: 'notes', attempt: 1, outputs: {}, agent});
	daemon.emit(id, 'approval.requested', {
		approvalId: 'ap-ship',
		stepId: 'ship',
		kind: 'approval',
		question: 'Ship these changes as 2.4.0?',
		expiresAtMs: daemon.clock.nowMs + 3_600_000,
		onExpire: 'reject',
		onReject: 'fail',
	});
};

const audit = (daemon: ScriptedDaemon, startMs: number): void => {
	const id = 'r-audit';
	const steps = Array.from({length: 9}, (_, index) => ({id: `check-${index + 1}`, needs: []}));
	daemon.createRun(id, {workflow: 'nightly-audit', number: 118, steps});
	daemon.emit(id, 'attempt.started', {stepId: 'check-1', attempt: 1});
	daemon.emit(id, 'step.completed', {stepId: 'check-1', attempt: 1, outputs: {}});
	daemon.clock.nowMs = startMs - 38_000;
	daemon.emit(id, 'attempt.started', {stepId: 'check-2', attempt: 1});
	daemon.print(id, 'check-2', 'auditing 1,204 packages\n');
};

const fixIssue = (daemon: ScriptedDaemon, startMs: number): void => {
	const id = 'r-fix42';
	const steps = [
		{id: 'plan', kind: 'agent'},
		{id: 'fix', kind: 'agent'},
		{id: 'lint', needs: ['plan']},
		{id: 'test', needs: ['fix', 'lint']},
		{id: 'ship', kind: 'approval'},
	] as const;
	daemon.createRun(id, {workflow: 'fix-issue', number: 42, steps});
	daemon.emit(id, 'attempt.started', {stepId: 'plan', attempt: 1, agent: 'claude'});
	daemon.clock.nowMs += 41_000;
	daemon.emit(id, 'usage.recorded', {
		stepId: 'plan',
		attempt: 1,
		agent: 'claude',
		tokens,
		costMicroUsd: 110_000,
		costSource: 'agent',
	});
	const agent = {id: 'claude', isReplay: false};
	daemon.emit(id, 'step.completed', {stepId: 'plan', attempt: 1, outputs: {}, agent});
	daemon.emit(id, 'attempt.started', {stepId: 'fix', attempt: 1, agent: 'claude'});
	daemon.emit(id, 'agent.session-started', {stepId: 'fix', attempt: 1, agent, sessionId: 's1'});
	daemon.emit(id, 'attempt.started', {stepId: 'lint', attempt: 1});
	daemon.print(id, 'fix', 'Reading src/cart.ts\nThe total is computed before the discount is applied, so ');
	daemon.print(id, 'fix', 'I will move applyDiscount() above sum() and add a test.\n');
	daemon.print(id, 'fix', 'warning: 価格 と 割引 の順序 👩‍👩‍👧 in a comment\n', 'stderr');
	daemon.print(id, 'fix', '\x1b[32m● edit\x1b[0m src/cart.ts  +4 -2\n');
	daemon.clock.nowMs = startMs - 12_000;
	daemon.emit(id, 'approval.requested', {
		approvalId: 'ap-npm',
		stepId: 'fix',
		attempt: 1,
		kind: 'permission',
		question: 'Run a command in ~/src/shop',
		preview: 'npm install left-pad',
		action: {kind: 'run', command: 'npm install left-pad'},
		options: [
			{id: 'allow_always', label: 'Always allow npm', isAllow: true},
			{id: 'allow_once', label: 'Allow once', isAllow: true},
			{id: 'reject_once', label: 'Reject', isAllow: false},
		],
	});
};

const failure = {code: 'script.failed', message: 'The script ended with exit code 1.'};
const origin = {by: 'ada', via: 'command'};

/** One run of each thing that people and the engine do to one: paused, tried again, of items, done anew, rolled back. */
export const playSteered = (startMs: number): ScriptedDaemon => {
	const daemon = createScriptedDaemon(startMs);
	const at = (secondsAgo: number) => {
		daemon.clock.nowMs = startMs - secondsAgo * 1000;
	};
	at(600);
	rolledBack(daemon);
	at(500);
	undoing(daemon);
	at(400);
	daemon.createRun('r-paused', {workflow: 'audit', number: 3, steps: [{id: 'scan'}, {id: 'report'}]});
	daemon.emit('r-paused', 'run.paused', {origin, reason: 'lunch'});
	at(300);
	daemon.createRun('r-child', {
		workflow: 'deploy',
		number: 9,
		parent: {runId: 'r-bulk', stepId: 'ship'},
		steps: [{id: 'push'}],
	});
	daemon.emit('r-child', 'attempt.started', {stepId: 'push', attempt: 1});
	at(200);
	retrying(daemon, startMs);
	at(120);
	bulk(daemon);
	daemon.clock.nowMs = startMs;
	return daemon;
};

const rolledBack = (daemon: ScriptedDaemon): void => {
	const id = 'r-undone';
	const target = {stepId: 'tag', attempt: 1, how: 'script'} as const;
	daemon.createRun(id, {workflow: 'release', number: 7, steps: [{id: 'tag'}, {id: 'push'}]});
	daemon.emit(id, 'attempt.started', {stepId: 'tag', attempt: 1});
	daemon.emit(id, 'step.completed', {stepId: 'tag', attempt: 1, outputs: {}});
	daemon.emit(id, 'attempt.started', {stepId: 'push', attempt: 1});
	daemon.emit(id, 'step.failed', {stepId: 'push', attempt: 1, failure, exitCode: 1});
	daemon.emit(id, 'rollback.started', {origin, reason: 'the run failed', targets: [target]});
	daemon.emit(id, 'undo.started', target);
	daemon.emit(id, 'undo.failed', {...target, failure});
	daemon.emit(id, 'rollback.completed', {undone: 0, left: [target]});
	daemon.emit(id, 'run.failed', {failure});
};

const undoing = (daemon: ScriptedDaemon): void => {
	const id = 'r-undoing';
	const targets = ['b', 'a'].map(stepId => ({stepId, attempt: 1, how: 'files'}) as const);
	daemon.createRun(id, {workflow: 'migrate', number: 2, steps: [{id: 'a'}, {id: 'b'}]});
	for (const stepId of ['a', 'b']) {
		daemon.emit(id, 'attempt.started', {stepId, attempt: 1});
		daemon.emit(id, 'step.completed', {stepId, attempt: 1, outputs: {}});
	}

	daemon.emit(id, 'run.completed', {outputs: {}});
	daemon.emit(id, 'rollback.started', {origin, reason: 'asked for', targets});
	daemon.emit(id, 'undo.started', targets[0]!);
	daemon.emit(id, 'undo.completed', targets[0]!);
	daemon.emit(id, 'undo.started', targets[1]!);
};

const retrying = (daemon: ScriptedDaemon, startMs: number): void => {
	const id = 'r-retry';
	daemon.createRun(id, {workflow: 'nightly', number: 4, steps: [{id: 'fetch'}, {id: 'judge', kind: 'agent'}]});
	daemon.emit(id, 'attempt.started', {stepId: 'fetch', attempt: 1});
	daemon.emit(id, 'attempt.failed', {stepId: 'fetch', attempt: 1, failure, exitCode: 1, retryAtMs: startMs - 60_000});
	daemon.emit(id, 'attempt.started', {stepId: 'fetch', attempt: 2});
	daemon.emit(id, 'attempt.failed', {stepId: 'fetch', attempt: 2, failure, exitCode: 1, retryAtMs: startMs + 12_000});
};

const bulk = (daemon: ScriptedDaemon): void => {
	const id = 'r-bulk';
	const steps = [{id: 'build'}, {id: 'draft'}, {id: 'fix', isEach: true}, {id: 'ship', kind: 'uses'}] as const;
	daemon.createRun(id, {workflow: 'bulk', number: 1, steps: steps.map(step => ({...step, needs: []}))});
	daemon.emit(id, 'step.completed', {stepId: 'build', outputs: {}, cached: {runId: 'r-0', at: '2026-11-19T09:00:00Z'}});
	daemon.emit(id, 'attempt.started', {stepId: 'draft', attempt: 1});
	daemon.emit(id, 'step.completed', {stepId: 'draft', attempt: 1, outputs: {}});
	daemon.emit(id, 'run.rewound', {toStepId: 'draft', approvalId: 'ap-0', stepIds: ['draft'], feedback: 'shorter'});
	daemon.emit(id, 'items.expanded', {stepId: 'fix', items: Array.from({length: 100}, (_, index) => index)});
	for (let item = 0; item < 37; item++) {
		daemon.emit(id, 'attempt.started', {stepId: 'fix', item, attempt: 1});
		if (item < 2) daemon.emit(id, 'item.failed', {stepId: 'fix', item, attempt: 1, failure});
		else daemon.emit(id, 'item.completed', {stepId: 'fix', item, attempt: 1, outputs: {}});
	}

	daemon.emit(id, 'attempt.started', {stepId: 'fix', item: 37, attempt: 1});
	daemon.print(id, 'fix[37]', 'fixing the 38th\n');
	daemon.emit(id, 'attempt.started', {stepId: 'ship', attempt: 1, childRunId: 'r-child'});
};

/** Money and agents: one asks for more, one waits for a limit to reset, one was taken over. */
export const playMoney = (startMs: number): ScriptedDaemon => {
	const daemon = createScriptedDaemon(startMs);
	const at = (secondsAgo: number) => {
		daemon.clock.nowMs = startMs - secondsAgo * 1000;
	};
	const spend = (id: string, stepId: string, attempt: number, agent: string, costMicroUsd: number | null) =>
		daemon.emit(id, 'usage.recorded', {
			...{stepId, attempt, agent, tokens, costMicroUsd},
			costSource: costMicroUsd === null ? 'none' : 'agent',
		});
	const limited = {code: 'agent.rate-limited', message: 'Agent "claude" has reached a rate limit', retryable: true};
	at(900);
	daemon.createRun('r-docs', {workflow: 'docs', number: 31, steps: [{id: 'write', kind: 'agent'}]});
	daemon.emit('r-docs', 'attempt.started', {stepId: 'write', attempt: 1, agent: 'claude'});
	daemon.emit('r-docs', 'attempt.failed', {
		...{stepId: 'write', attempt: 1, failure: limited, next: 'quota'},
		retryAtMs: startMs + 3_600_000,
	});
	at(300);
	const steps = [{id: 'plan', kind: 'agent'}, {id: 'fix', kind: 'agent'}, {id: 'test'}] as const;
	daemon.createRun('r-fix', {workflow: 'fix-issue', number: 43, budgetMicroUsd: 500_000, steps: [...steps]});
	daemon.emit('r-fix', 'attempt.started', {stepId: 'plan', attempt: 1, agent: 'claude'});
	daemon.emit('r-fix', 'attempt.failed', {
		stepId: 'plan',
		attempt: 1,
		failure: limited,
		next: 'failover',
		retryAtMs: startMs,
	});
	daemon.emit('r-fix', 'agent.switched', {
		...{stepId: 'plan', attempt: 2, from: 'claude', to: 'codex', reason: 'rate-limited'},
		detail: 'rate limited until 15:00',
	});
	daemon.emit('r-fix', 'attempt.started', {stepId: 'plan', attempt: 2, agent: 'codex'});
	at(200);
	spend('r-fix', 'plan', 2, 'codex', null);
	daemon.emit('r-fix', 'step.completed', {
		stepId: 'plan',
		attempt: 2,
		outputs: {},
		agent: {id: 'codex', isReplay: false},
	});
	daemon.emit('r-fix', 'attempt.started', {stepId: 'fix', attempt: 1, agent: 'claude'});
	at(20);
	spend('r-fix', 'fix', 1, 'claude', 512_000);
	daemon.emit('r-fix', 'approval.requested', {
		...{approvalId: 'ap-more', stepId: 'fix', attempt: 1, kind: 'budget'},
		question: 'The budget of this run is exceeded: $0.51 are spent of $0.50. Spend more on "fix"?',
		options: [
			{id: 'yes', label: 'Spend $0.50 more', isAllow: true},
			{id: 'no', label: 'Stop: the step fails', isAllow: false},
		],
		budget: {
			budget: {scope: 'run', name: 'fix-issue', runId: 'r-fix', unit: 'usd'},
			...{limit: 500_000, spent: 512_000, needed: 12_000, extendBy: 500_000},
		},
	});
	daemon.clock.nowMs = startMs;
	return daemon;
};

/** A run of steps that ask no agent, one of which is tried again, and a replay of two of them. */
export const playDirect = (startMs: number): ScriptedDaemon => {
	const daemon = createScriptedDaemon(startMs);
	daemon.clock.nowMs = startMs - 600_000;
	const replayed = 'r-order1';
	const agent = {id: 'replay', isReplay: true};
	daemon.createRun(replayed, {
		...{workflow: 'order', number: 1},
		steps: [
			{id: 'find', kind: 'tool'},
			{id: 'page', kind: 'http', needs: ['find']},
		],
	});
	called(daemon, replayed, 'find', {target: 'issues.search'}, {found: 2}, agent);
	called(daemon, replayed, 'page', {target: 'GET example.com/items'}, {status: 200}, agent);
	daemon.emit(replayed, 'run.completed', {outputs: {}});
	daemon.clock.nowMs = startMs - 20_000;
	const id = 'r-order2';
	daemon.createRun(id, {
		...{workflow: 'order', number: 2},
		steps: [
			{id: 'find', kind: 'tool'},
			{id: 'page', kind: 'http', needs: ['find']},
			{id: 'reshape', kind: 'transform', needs: ['page']},
			{id: 'store', kind: 'sql', needs: ['reshape']},
			{id: 'tell', kind: 'webhook', needs: ['store']},
			{id: 'gone', kind: 'http', needs: ['tell']},
		],
	});
	called(daemon, id, 'find', {tool: 'issues/local', target: 'issues.search'}, {found: ['apple', 'pear']});
	called(daemon, id, 'page', {target: 'GET example.com/items'}, {status: 200, body: {items: 3}});
	called(daemon, id, 'reshape', {target: '{"names": steps.find.outputs.found}'}, {names: ['apple', 'pear']});
	called(daemon, id, 'store', {target: 'insert into orders values (?) in shop.db'}, {changes: 1});
	daemon.emit(id, 'attempt.started', {stepId: 'tell', attempt: 1});
	const text = {preview: 'queued for https://hooks.example.com', isWhole: true, sizeBytes: 37};
	daemon.emit(id, 'step.completed', {stepId: 'tell', attempt: 1, outputs: {status: 'queued'}, text});
	daemon.emit(id, 'attempt.started', {stepId: 'gone', attempt: 1, target: 'GET gone.example.com/items'});
	const failure = {code: 'http.unreachable', message: 'GET gone.example.com/items got no answer.'};
	daemon.emit(id, 'attempt.failed', {stepId: 'gone', attempt: 1, failure, retryAtMs: startMs + 12_000});
	daemon.clock.nowMs = startMs;
	return daemon;
};

const called = (
	daemon: ScriptedDaemon,
	runId: string,
	stepId: string,
	call: {readonly tool?: string; readonly target: string},
	outputs: Readonly<Record<string, unknown>>,
	agent?: {readonly id: string; readonly isReplay: boolean},
): void => {
	daemon.emit(runId, 'attempt.started', {stepId, attempt: 1, ...call});
	daemon.clock.nowMs += 120;
	daemon.print(runId, stepId, `${JSON.stringify(outputs)}\n`);
	daemon.endOutput(runId, stepId);
	daemon.emit(runId, 'step.completed', {stepId, attempt: 1, outputs, ...(agent && {agent})});
};
