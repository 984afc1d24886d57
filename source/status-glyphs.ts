/** One glyph a status of a run or a step, each one column wide, the same in every list and on every screen. */
export const statusGlyphs = {
	queued: '·',
	pending: '·',
	running: '▶',
	waiting: '◆',
	paused: '‖',
	retrying: '⟲',
	completed: '✓',
	failed: '✗',
	skipped: '↷',
	cancelled: '■',
} as const;
