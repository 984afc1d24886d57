/** Every bound of the cockpit, by name. Times in milliseconds. */
export const cockpitLimits = {
	/** 15 frames a second, less than Ink's own 120: two equal throttles would beat. */
	frameMs: 66,
	/** Over ssh bytes are dear: 6 frames a second. */
	frameMsOverSsh: 150,
	/** An approval takes no decision this soon after it appeared under the cursor. */
	armMs: 300,
	reconnectMsFirst: 250,
	reconnectMsMax: 2000,
	/** A step has to stay selected this long before its output is fetched, so that running down a list asks nothing. */
	outputDelayMs: 60,
	outputLinesMax: 5000,
	/** A longer line goes on in the next one. */
	outputLineLengthMax: 4096,
	/** Of a large output only the end is fetched. */
	outputTailBytes: 512 * 1024,
	/** Ended runs kept; open ones are all kept. */
	endedRunsMax: 2000,
	/** Events kept for one run while its state is fetched. */
	orphanEventsMax: 5000,
	needsYouRowsMax: 5,
	columnsMin: 40,
	rowsMin: 10,
	columnsWide: 100,
	/** Below it "Needs you" is one line, on a wide screen too. */
	rowsForNeedsPane: 16,
	/** Warnings kept back while the screen is up. */
	heldStderrLengthMax: 64 * 1024,
} as const;
