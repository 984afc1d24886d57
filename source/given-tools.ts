/** Variables that tell a command inside an agent's attempt which tools the agent was given, and whom to ask: two paths. */
export const toolsVariable = 'AIWORKFLOW_TOOLS';
export const toolDeskVariable = 'AIWORKFLOW_TOOL_DESK';
