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
	/** That a step prints is noted this often at most. */
	heardMs: 1000,
	/** Units that are remembered to have printed; the oldest are forgotten. */
	heardUnitsMax: 2000,
	/** Events kept of the run whose past is looked at; the later ones are left out. */
	historyEventsMax: 20_000,
	/** A fold is kept after every so many of them. */
	historyFoldEvery: 64,
	/** What was fetched is not fetched again any sooner, however often it became stale. */
	refetchMs: 2000,
	/** How far back the burn rate looks: the minute that goes on, and those before it. */
	burnWindowMs: 5 * 60_000,
	/** Open runs whose forecast is asked for. */
	forecastsMax: 12,
	/** How far back attempts count for an agent. */
	agentAttemptsMs: 7 * 24 * 3_600_000,
	/** Of the log of the daemon only the end is shown. */
	logLinesMax: 5000,
	logTailBytes: 256 * 1024,
	/** Workflows whose last inputs are remembered. */
	rememberedFormsMax: 200,
	/** Failed runs that are remembered as put aside. */
	rememberedSeenMax: 1000,
	needsYouRowsMax: 5,
	columnsMin: 40,
	rowsMin: 10,
	columnsWide: 100,
	/** Below it "Needs you" is one line, on a wide screen too. */
	rowsForNeedsPane: 16,
	/** Between two calls of a person, at the least; and the longest that settings may ask for. */
	notifyEveryMsMin: 1000,
	notifyMsMax: 3_600_000,
	/** The title of the window is written at most this often. */
	titleEveryMs: 500,
	/** What ended longer ago is no news, however it came to be known. */
	newsMsMax: 600_000,
	/** Characters of a notification of the desktop. */
	notificationLengthMax: 120,
	/** A theme may build on a theme that builds on a theme; this many deep. */
	themeDepthMax: 5,
	settingsBytesMax: 256 * 1024,
	/** Of an OSC 52, in characters of base64: xterm, the strictest, takes about this much. */
	clipboardLengthMax: 100_000,
	/** Warnings kept back while the screen is up. */
	heldStderrLengthMax: 64 * 1024,
} as const;
