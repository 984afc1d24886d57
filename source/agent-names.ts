/** The agents that need no description, in the order in which `auto` asks them; the same as in the daemon's catalogue. */
export const builtInAgents = ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'aider', 'cursor'] as const;
