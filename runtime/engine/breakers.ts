import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {BreakerKind, BreakerRow, BreakersTable} from '../store/breakers.ts';
import type {Journal} from '../store/journal.ts';
import {type Breakers, type Clock, toolFaults} from './parts.ts';

/** What is the matter with the agent or the tool itself; any other failure says that it works. */
const counted: Readonly<Record<BreakerKind, ReadonlySet<string>>> = {
	agent: new Set([
		'agent.unreachable',
		'agent.unauthenticated',
		'agent.overloaded',
		'agent.rate-limited',
		'agent.crashed',
		'attempt.stalled',
	]),
	tool: toolFaults,
};

/** Whoever set a limit says when it is over. */
const limited: ReadonlySet<string> = new Set(['agent.rate-limited', 'tool.rate-limited']);

/** @returns The breaker after one more attempt. Pure. */
export const breakerAfter = (
	kind: BreakerKind,
	row: BreakerRow,
	failure: Failure | undefined,
	nowMs: number,
): BreakerRow => {
	if (!failure || !counted[kind].has(failure.code)) return {state: 'closed', failures: 0, untilMs: null};
	const failures = row.failures + 1;
	// No other attempt has to find it out.
	if (limited.has(failure.code) && failure.resetAtMs !== undefined && failure.resetAtMs > nowMs) {
		return {state: 'open', failures, untilMs: Math.min(failure.resetAtMs, nowMs + limits.breakerResetMsMax)};
	}

	if (failures < limits.breakerFailuresMax) return {state: 'closed', failures, untilMs: null};
	// Each time it does not work again, it is left alone for twice as long.
	const openMs = Math.min(limits.breakerOpenMs * 2 ** (failures - limits.breakerFailuresMax), limits.breakerOpenMsMax);
	return {state: 'open', failures, untilMs: nowMs + openMs};
};

const closed: BreakerRow = {state: 'closed', failures: 0, untilMs: null};

/** Circuit breakers: kept in the journal, so that a restart does not forget what does not work. */
export const createBreakers = (journal: Journal, table: BreakersTable, clock: Clock): Breakers => {
	const rows = new Map<string, BreakerRow>();
	/** Those that one attempt tries at this moment. */
	const trying = new Set<string>();
	const reasons = new Map<string, string>();
	const keyOf = (kind: BreakerKind, name: string) => `${kind} ${name}`;
	const rowOf = (kind: BreakerKind, name: string): BreakerRow => {
		const key = keyOf(kind, name);
		const row = rows.get(key) ?? table.read(kind, name) ?? closed;
		rows.set(key, row);
		return row;
	};

	/** What is not committed yet is in no table. */
	const namesOf = (kind: BreakerKind): string[] =>
		[...rows.keys()].flatMap(key => (key.startsWith(`${kind} `) ? [key.slice(kind.length + 1)] : []));

	return {
		allows(kind, name) {
			const {state, untilMs} = rowOf(kind, name);
			const key = keyOf(kind, name);
			return state === 'closed' || (!trying.has(key) && (untilMs ?? 0) <= clock.now());
		},
		openOnes: kind =>
			[...new Set([...table.open(kind), ...namesOf(kind)])]
				.filter(name => rowOf(kind, name).state === 'open')
				.toSorted((a, b) => a.localeCompare(b)),
		begin(kind, name) {
			const key = keyOf(kind, name);
			if (rowOf(kind, name).state === 'closed' || trying.has(key)) return;
			trying.add(key);
			journal.append(null, 0, {type: 'breaker.half-opened', body: {kind, name}}, clock.now());
		},
		reasonOf(kind, name) {
			const {state, failures} = rowOf(kind, name);
			if (state === 'closed') return undefined;
			// Only a limit with a known reset opens it this early; after a restart nothing else tells.
			return (
				reasons.get(keyOf(kind, name)) ?? (failures < limits.breakerFailuresMax ? `${kind}.rate-limited` : undefined)
			);
		},
		letGo: (kind, name) => void trying.delete(keyOf(kind, name)),
		stateOf(kind, name) {
			const {state, failures, untilMs} = rowOf(kind, name);
			const isHalfOpen = trying.has(keyOf(kind, name)) || (state === 'open' && (untilMs ?? 0) <= clock.now());
			return {state: isHalfOpen ? 'half-open' : state, failures, untilMs};
		},
		untilMs: (kind, name) => rowOf(kind, name).untilMs ?? undefined,
		record(kind, name, failure) {
			const key = keyOf(kind, name);
			const before = rowOf(kind, name);
			trying.delete(key);
			const nowMs = clock.now();
			const after = breakerAfter(kind, before, failure, nowMs);
			if (after.failures === 0 && before.failures === 0) return;
			rows.set(key, after);
			if (failure) reasons.set(key, failure.code);
			journal.project(() => table.write(kind, name, after, nowMs));
			if (after.state === 'open' && failure) {
				const {failures, untilMs} = after;
				const {code, message, suggestion} = failure;
				const body = {kind, name, failures, untilMs: untilMs!, failure: {code, message, suggestion}};
				journal.append(null, 0, {type: 'breaker.opened', body}, nowMs);
			} else if (before.state === 'open') {
				journal.append(null, 0, {type: 'breaker.closed', body: {kind, name}}, nowMs);
			}
		},
	};
};
