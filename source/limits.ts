/** Every bound of the product, by name. Over a limit things queue or fail clearly; nothing grows without end. */
export const limits = {
	/** A workflow file; a larger one is refused before it is parsed: hostile Markdown costs the square of its size. */
	workflowBytesMax: 256 * 1024,
	/** Very many short lines take a Markdown parser far longer than the same bytes in long ones. */
	workflowLinesMax: 15_000,
	/** Headings underlined with `===` or `---`: each costs the parser a walk over everything before it. */
	underlinedHeadingsMax: 1000,
	stepsMax: 2000,
	/** Items of one step. */
	itemsMax: 20_000,
	/** All items of one step together, as JSON. */
	itemsBytesMax: 4 * 1024 * 1024,
	/** Items of one step at once, where the step does not say. */
	itemsParallelMax: 256,
	/** Of what one item said, inside its event. */
	itemTextCharactersMax: 512,
	/** How often an attempt that vanished is begun again by itself. */
	interruptsMax: 10,
	/** Sub-workflows below one another. */
	usesDepthMax: 8,
	/** Attempts in a row that fail for a reason of the agent or tool itself, until it is given none for a while. */
	breakerFailuresMax: 5,
	/** For how long the first time; twice as long each time after. */
	breakerOpenMs: 30_000,
	breakerOpenMsMax: 10 * 60_000,
	/** What `cache.files` of a step may match. */
	cacheFilesMax: 10_000,
	cacheFilesBytesMax: 256 * 1024 * 1024,
	/** What one `undo:` may save. */
	snapshotFilesMax: 50_000,
	snapshotBytesMax: 1024 * 1024 * 1024,
	/** A run that waits for longer than this is not held in memory. */
	parkMsMin: 2000,
	/** Runs taken up again at once, before the event loop has its turn. */
	recoverRunsAtOnce: 64,
	/** Signals that nothing has waited for yet, of one run. */
	signalsMax: 1000,
	diagnosticsMax: 200,
	/** One environment variable of a script (Linux allows 128 KiB a string, name included). */
	envValueBytesMax: 100 * 1024,
	/** Text of a step (standard output, an answer) kept whole inside its event; above it the event has a preview. */
	eventTextBytesMax: 32 * 1024,
	/** What `steps.x.text` may load from the output file of a step. */
	stepTextBytesMax: 8 * 1024 * 1024,
	/** `$OUTPUT` of one attempt. */
	outputsBytesMax: 1024 * 1024,
	/** Standard output of one attempt; a script that writes more is ended. */
	outputBytesMax: 256 * 1024 * 1024,
	/** All inputs of a run together, as JSON. */
	inputsBytesMax: 1024 * 1024,
	commentBytesMax: 16 * 1024,
	/** Runs that have something running; more are queued. */
	runsActiveMax: 1024,
	/** Attempts (processes) at once, over all runs; more wait their turn. */
	attemptsRunningMax: 64,
	/** What one subscriber may be behind before its stream is cut off; it comes back with `Last-Event-ID` and misses nothing. */
	subscriberBytesMax: 32 * 1024 * 1024,
	/** Hints are dropped for a subscriber that is behind by this much. */
	subscriberHintBytesMax: 256 * 1024,
	/** Runs in one page of a list or a snapshot. */
	pageRunsMax: 200,
	/** Steps in one page of a snapshot, unless a single run has more: each may carry a text of 32 KiB. */
	pageStepsMax: 500,
	pageEventsMax: 1000,
	/** Output bytes in one answer of the output route. */
	outputChunkBytesMax: 256 * 1024,
	requestBytesMax: 4 * 1024 * 1024,
	/** Unix socket paths: 108 bytes on Linux, 104 on macOS. */
	socketPathBytesMax: 100,
	/** From TERM to KILL of a process group. */
	attemptKillGraceMs: 5000,
	daemonStartMsMax: 15_000,
	daemonStopMsMax: 10_000,
} as const;
