/** Every bound of the product, by name. Over a limit things queue or fail clearly; nothing grows without end. */
export const limits = {
	/** Files of one template, and all of them together. */
	templateFilesMax: 200,
	templateBytesMax: 4 * 1024 * 1024,
	/** Templates of one place: a folder, or a package. */
	templatesMax: 200,
	/** Packages of a workspace that are looked at for templates. */
	templatePackagesMax: 5000,
	/** To fetch a repository with templates. */
	templateFetchMs: 60_000,
	/** What a tool or a server answers to one call. */
	toolAnswerBytesMax: 8 * 1024 * 1024,
	/** One call, where the file of the tool does not say. A step has its own `timeout` besides. */
	toolCallMs: 2 * 60_000,
	/** Until a tool is started and has said what it can do. */
	toolOpenMs: 30_000,
	/** How long a server may go on with nonsense, or be silent after the end of its stream, before it is not believed. */
	toolNonsenseMs: 3000,
	/** Operations of one tool. */
	toolOperationsMax: 1000,
	/** Pages of a server's list of operations. */
	toolPagesMax: 100,
	/** Of what a tool writes besides its answer, so much is kept for the message of a failure. */
	toolLastWordsCharacters: 2000,
	/** From TERM to KILL of what a tool started. */
	toolKillGraceMs: 2000,
	/** How long a server that nobody calls is kept open for the next call. */
	toolIdleMs: 5 * 60_000,
	/** Servers kept open at once, of one state folder; more are started for one call each. */
	toolServersOpenMax: 32,
	/** For how long an implementation that did not work comes after the others. */
	toolDistrustMs: 60_000,
	/** Files of tools in one folder. */
	toolFilesMax: 500,
	toolFileBytesMax: 256 * 1024,
	/** An OpenAPI document with all files that it refers to. */
	openapiDocumentBytesMax: 16 * 1024 * 1024,
	/** The document and the files that it refers to. */
	openapiDocumentFilesMax: 100,
	/** How deep lists and objects of a document may be nested. */
	openapiDepthMax: 200,
	/** How long loading a document from its address may take, with all that it refers to. */
	openapiDocumentMs: 30_000,
	/** Parts of a JSON Schema shown for one operation; what is beyond is described once and referred to, then left open. */
	openapiSchemaPartsMax: 400,
	/** References inside one another that a schema is written out for; deeper ones are referred to. */
	openapiSchemaReferencesMax: 16,
	/** Pages that one call with `all-pages` reads. */
	openapiPagesMax: 100,
	/** Redirects that one request follows, all to the same origin. */
	openapiRedirectsMax: 5,
	/** A file that is uploaded. */
	openapiUploadBytesMax: 256 * 1024 * 1024,
	/** An answer that is neither JSON nor text, handed on as base64. */
	openapiBinaryBytesMax: 256 * 1024,
	/** What is read of an answer that tells of an error. */
	openapiErrorBytesMax: 64 * 1024,
	/** The longest that a server can put off the next attempt of a step. */
	retryAfterMsMax: 6 * 3_600_000,
	/** Of one `http:` step. */
	httpRedirectsMax: 10,
	/** Of one query; the outputs of a step are limited besides. */
	sqlRowsMax: 10_000,
	/** How long an SQLite file that somebody else writes to is waited for. */
	sqlBusyMs: 5000,
	/** How soon a PostgreSQL server notices that nobody waits for its query any more. */
	sqlWatchMs: 2000,
	/** Until a PostgreSQL server has taken a connection. */
	sqlConnectMs: 10_000,
	/** What a `transform:` is given without `input:`, as JSON. */
	transformInputBytesMax: 32 * 1024 * 1024,
	/** A workflow file; a larger one is refused before it is parsed: hostile Markdown costs the square of its size. */
	workflowBytesMax: 256 * 1024,
	/** Very many short lines take a Markdown parser far longer than the same bytes in long ones. */
	workflowLinesMax: 15_000,
	/** Headings underlined with `===` or `---`: each costs the parser a walk over everything before it. */
	underlinedHeadingsMax: 1000,
	/** A journal that `doctor` advises to prune. */
	journalLargeBytes: 1024 * 1024 * 1024,
	/** Room on the disk of the journal: below this `doctor` advises to make some, … */
	diskFreeBytesLow: 1024 * 1024 * 1024,
	/** … and below this nothing can be relied on. */
	diskFreeBytesMin: 50 * 1024 * 1024,
	/** Files that one `import` of a folder looks at. */
	importFilesMax: 500,
	/** Files and folders that are looked through for them. */
	importEntriesMax: 20_000,
	/** Commands of one imported prompt that become scripts; more stay text. */
	importCommandsMax: 100,
	/** Files that belong to a skill and are copied with it. */
	importAttachmentsMax: 500,
	importAttachmentsBytesMax: 32 * 1024 * 1024,
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
	/** How often one step waits for a limit to reset. */
	quotaWaitsMax: 20,
	/** The shortest such wait; longer by this much each time. */
	quotaWaitMsMin: 5000,
	/** The longest that an agent is left alone because it said when its limit resets. */
	breakerResetMsMax: 24 * 3_600_000,
	/** How often it is looked whether the agents that runs used lately still work. */
	agentCheckIntervalMs: 5 * 60_000,
	/** For how long after its last use an agent is looked at. */
	agentWatchMs: 3_600_000,
	/** How often it is looked whether an agent with too many attempts has room again. */
	busyAgentLookMs: 2000,
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
	/** A text that an approval lets people change. */
	editableBytesMax: 64 * 1024,
	/** What a trigger hands to its run, as JSON. */
	triggerDataBytesMax: 256 * 1024,
	/** Received by triggers, with a run that has not begun. More is refused. */
	pendingFiringsMax: 100_000,
	/** What names a firing among all of its trigger: the id of an event, say. */
	dedupeIdLengthMax: 512,
	/** For how long firings are kept at least, so that what comes again is known. */
	firingKeptMsMin: 7 * 24 * 3_600_000,
	/** Firings of one trigger in a list. */
	firingsShownMax: 5,
	/** Runs that started one another by events and by their ends; what would be one more is cut off. */
	chainedRunsMax: 16,
	/** A request to a webhook; what a trigger hands to its run is limited besides. */
	webhookBodyBytesMax: 256 * 1024,
	/** Of a body that is too large, so much is read and thrown away, so that whoever sends it hears the answer. */
	webhookDiscardBytesMax: 4 * 1024 * 1024,
	/** How deep the JSON of a webhook may be nested. */
	webhookDepthMax: 100,
	/** How far from now the signed moment of a request may be; what is older is a replay. */
	webhookReplayWindowMs: 5 * 60_000,
	/** Requests for one path; for all unknown paths together the same. */
	webhookRequestsPerSecondMax: 500,
	/** On top, after a quieter while. */
	webhookRequestsBurstMax: 1000,
	/** Requests that are being read or written down at once. */
	webhookRequestsOpenMax: 512,
	webhookConnectionsMax: 1024,
	/** How long a request may take to arrive. */
	webhookRequestMs: 10_000,
	/** How long a connection is kept open between two requests. */
	webhookIdleMs: 60_000,
	/** How long `respond: wait` waits for the end of the run; after that the answer is 202. */
	webhookWaitMsMax: 30_000,
	/** Requests that wait for the end of a run at once; more are answered with 202. */
	webhookWaitsMax: 256,
	/** How soon it is tried again to listen where that did not work. */
	webhookListenRetryMs: 5000,
	/** Refused requests are logged at most so often, with how many there were. */
	webhookLogIntervalMs: 10_000,
	/** For how long an outgoing webhook is tried, and how often, where the file does not say; and at most. */
	deliveryExpiresMs: 24 * 3_600_000,
	deliveryExpiresMsMax: 7 * 24 * 3_600_000,
	deliveryTries: 12,
	deliveryTriesMax: 50,
	/** Between two tries: the longest wait after the first, three times as much after each other one, and never more than the last. */
	deliveryBackoffMs: 5000,
	deliveryBackoffFactor: 3,
	deliveryBackoffMsMin: 1000,
	deliveryBackoffMsMax: 4 * 3_600_000,
	/** How long a receiver may take to answer. */
	deliveryAnswerMs: 15_000,
	/** Of an answer, so much is read; the rest is let go of. */
	deliveryAnswerBytesMax: 16 * 1024,
	/** Of an answer, so much is kept with a try that failed. */
	deliveryAnswerShownMax: 300,
	/** The body of an outgoing webhook. */
	deliveryBodyBytesMax: 256 * 1024,
	/** Requests under way at once: to one destination, and all together. */
	deliveriesPerHostMax: 4,
	deliveriesSendingMax: 32,
	/** Webhooks that wait to be sent; more fail the step that would queue them. */
	deliveriesQueuedMax: 100_000,
	/** How long it is remembered that a webhook was delivered. */
	deliveredKeptMs: 7 * 24 * 3_600_000,
	/** Dead letters that are replayed or removed in one commit. */
	deadLettersAtOnce: 1000,
	/** Deliveries in one answer. */
	deliveriesShownMax: 200,
	/** Webhooks of one settings file that are told of runs. */
	notifiedMax: 50,
	/** Files that one run of `batch: all` is given; more are given to the next. */
	fileBatchMax: 1000,
	/** Their paths, as JSON. */
	fileBatchBytesMax: 60 * 1024,
	/** How long files are gathered at most while more keep coming. */
	fileBatchMsMax: 5 * 60_000,
	/** Runs in a row, each with a file that came while the one before it was open, until it is looked whether it is a loop. */
	fileGenerationsMax: 3,
	/** How long all has to be quiet for that, at least; otherwise twice as long as a run takes. */
	fileLoopQuietMsMin: 3000,
	fileLoopQuietMsMax: 10 * 60_000,
	/** After so many changes all files are looked through once: the system tells of only so many. */
	fileSweepChanges: 1000,
	/** How often a file that cannot be read is looked at again. */
	fileUnreadableRetryMs: 10_000,
	/** The body of a message in a queue, as JSON. */
	queueMessageBytesMax: 192 * 1024,
	/** Messages that wait in one embedded queue, dead letters included. More is refused. */
	queueMessagesMax: 100_000,
	/** Dead letters in one answer. */
	queueDeadShownMax: 200,
	queueMessageIdLengthMax: 200,
	/** Ids of messages that are done; looked at when the daemon starts. */
	queueIdsKeptMs: 30 * 86_400_000,
	/** How long a server of queues may take to answer a command. */
	queueServerMs: 10_000,
	/** Between tries to reach a server of queues that went away: from the first to the longest. */
	queueReconnectMsMin: 250,
	queueReconnectMsMax: 30_000,
	/** Until a message is handed in again that could not be taken, for too much waits or the journal is not writable. */
	queueTakeAgainMs: 5000,
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
	/** The end of the daemon's log in one answer of its route. */
	logTailBytesMax: 1024 * 1024,
	/** Of it, where nobody says how much. */
	logTailBytes: 64 * 1024,
	/** Characters of a prompt that a client is shown. */
	promptShownLengthMax: 64 * 1024,
	requestBytesMax: 4 * 1024 * 1024,
	/** A file of recorded answers. */
	recordingBytesMax: 16 * 1024 * 1024,
	/** What an agent changed, in one recorded answer; larger changes are not recorded. */
	recordedPatchBytesMax: 1024 * 1024,
	/** How long looking for changes may take, before and after an attempt each. */
	recordMs: 60_000,
	/** A workspace that is no repository is looked through for changes only up to this size. */
	recordFilesMax: 5000,
	recordFilesBytesMax: 64 * 1024 * 1024,
	/** Cases of `aiworkflow test` at once; each has a daemon of its own. */
	testCasesParallelMax: 4,
	/** How long one case may take, where it does not say. */
	testCaseMs: 120_000,
	/** A file that describes a case. */
	testCaseBytesMax: 1024 * 1024,
	/** Files and folders that are looked through for workflows to test. */
	testEntriesMax: 20_000,
	/** What the workspace of a case may begin with. */
	testFilesMax: 5000,
	testFilesBytesMax: 64 * 1024 * 1024,
	/** A file that a case expects something of. */
	testFileBytesMax: 4 * 1024 * 1024,
	/** Unix socket paths: 108 bytes on Linux, 104 on macOS. */
	socketPathBytesMax: 100,
	/** From TERM to KILL of a process group. */
	attemptKillGraceMs: 5000,
	/** How far ahead the next moment of a schedule is looked for: 29 February is a Monday once in 28 years, or in 40. */
	scheduleYearsMax: 41,
	/** Runs that `catch-up: all` starts at once; what was missed before those is passed over. */
	scheduleCatchUpMax: 100,
	/** Missed moments that are counted. */
	scheduleMissedCountMax: 1000,
	/** A moment that is longer ago was missed. More than the clock needs to notice that the machine slept. */
	scheduleLateMsMax: 90_000,
	/** How often the clock is looked at, so that one that was set back is noticed. */
	scheduleRecheckMs: 3_600_000,
	/** A clock set back by more was wrong before: schedules begin anew. By less, they wait until it is past where it was. */
	scheduleSetBackMsMax: 86_400_000,
	/** How long whoever fires a schedule by hand waits to be told whether its run began. */
	scheduleRunAnswerMs: 3000,
	/** Of a schedule, in one answer. */
	scheduleFiringsShown: 20,
	/** Coming moments that are told at once. */
	scheduleComingMax: 100,
	/** Tools that one agent is given. */
	toolsOfAgentMax: 50,
	/** Operations of all of them together: what a model is shown of each costs tokens. */
	agentToolOperationsMax: 400,
	/** Calls of given tools in one attempt. */
	agentToolCallsMax: 1000,
	/** What an agent is told of the result of one call; a model reads no more. */
	agentToolTextBytesMax: 256 * 1024,
	/** Rounds of calls that an agent of a plain model makes in one turn. */
	agentToolRoundsMax: 50,
	/** `config.yaml` of a bundle. */
	bundleConfigBytesMax: 64 * 1024,
	/** What a packed bundle may hold. */
	bundleFilesMax: 2000,
	bundleFileBytesMax: 16 * 1024 * 1024,
	bundleBytesMax: 64 * 1024 * 1024,
	/** Of a path inside of it, from the folder of the bundle. */
	bundlePathLengthMax: 240,
	daemonStartMsMax: 15_000,
	daemonStopMsMax: 10_000,
} as const;
