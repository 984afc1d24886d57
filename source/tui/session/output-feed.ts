import {failureOf} from '../../errors.ts';
import {unitNameOf, unitOf} from '../../run/state.ts';
import type {CockpitDaemon} from '../daemon.ts';
import {cockpitLimits} from '../limits.ts';
import {emptyOutput, isSameTarget, type OutputState, type OutputTarget} from '../output/buffer.ts';
import {outputTargetOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import type {Store, Timers} from '../store/store.ts';
import {isUnreachable} from './missing-runs.ts';

/** Keeps the output of the selected step coming: one stream at a time, resumed by offset after a loss. */
export const createOutputFeed = (store: Store, timers: Timers) => {
	let stream: AbortController | undefined;
	let cancelStart: (() => void) | undefined;

	const stop = (): void => {
		stream?.abort();
		stream = undefined;
		cancelStart?.();
		cancelStart = undefined;
	};

	const startSoon = (daemon: CockpitDaemon, target: OutputTarget, delayMs: number): void => {
		cancelStart = timers.after(delayMs, () => {
			cancelStart = undefined;
			stream = new AbortController();
			void load(daemon, target, stream.signal);
		});
	};

	const load = async (daemon: CockpitDaemon, target: OutputTarget, signal: AbortSignal): Promise<void> => {
		const {runId, attempt} = target;
		const stepId = unitNameOf(target.stepId, target.item);
		try {
			if (store.get().output.status === 'loading') await loadFirstPage(daemon, target, signal);
			if (signal.aborted) return;
			const {offsets} = store.get().output;
			for await (const chunk of daemon.followOutput(runId, stepId, {attempt, ...offsets}, signal)) {
				if (signal.aborted) return;
				store.collect({kind: 'chunk', target, chunk});
			}
		} catch (error) {
			if (!signal.aborted && !isUnreachable(error)) setOutput(target, {status: 'ended', failure: failureOf(error)});
		}

		if (signal.aborted) return;
		stream = undefined;
		// A stream that ends while the attempt runs was cut off: `look` takes it up again.
		setOutput(target, isAttemptRunning(store.get(), target) ? {} : {status: 'ended'});
	};

	/** The whole of a small output; of a large one only the end is worth fetching. */
	const loadFirstPage = async (daemon: CockpitDaemon, target: OutputTarget, signal: AbortSignal): Promise<void> => {
		const {runId, attempt} = target;
		const stepId = unitNameOf(target.stepId, target.item);
		const page = await daemon.output(runId, stepId, {attempt, stdout: 0, stderr: 0});
		if (signal.aborted) return;
		const offsets = {
			stdout: Math.max(0, page.stdoutBytes - cockpitLimits.outputTailBytes),
			stderr: Math.max(0, page.stderrBytes - cockpitLimits.outputTailBytes),
		};
		setOutput(target, {status: 'live', offsets, skippedBytes: offsets.stdout + offsets.stderr});
		for (const chunk of page.chunks) {
			if (offsets[chunk.stream] === 0) store.collect({kind: 'chunk', target, chunk});
		}

		// What was collected has to be counted before the stream asks where to go on.
		setOutput(target, {});
	};

	const setOutput = (target: OutputTarget, change: Partial<OutputState>): void =>
		store.change(state =>
			isSameTarget(target, state.output.target) ? {...state, output: {...state.output, ...change}} : state,
		);

	return {
		stop,
		/** Looks at what was published: another step selected, or a stream to take up again. */
		look(daemon: CockpitDaemon | undefined): void {
			const state = store.get();
			const target = outputTargetOf(state);
			if (!isSameTarget(target, state.output.target)) {
				stop();
				// Started first: the change is published at once, and looked at again.
				if (daemon && target) startSoon(daemon, target, cockpitLimits.outputDelayMs);
				store.change(before => ({...before, output: {...emptyOutput, target, status: target ? 'loading' : 'none'}}));
				return;
			}

			const isWanted = state.output.status === 'loading' || state.output.status === 'live';
			if (daemon && target && isWanted && !stream && !cancelStart) {
				startSoon(daemon, target, cockpitLimits.reconnectMsFirst);
			}
		},
	};
};

const isAttemptRunning = ({runs}: CockpitState, {runId, stepId, item, attempt}: OutputTarget): boolean => {
	const run = runs.get(runId);
	if (!run?.steps[stepId]) return false;
	return unitOf(run, stepId, item).attempts.some(({number, status}) => number === attempt && status === 'running');
};
