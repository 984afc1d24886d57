/**
 * What the built-in profiles of agents call the things that an agent can do. `require:` may name others, which an agent of
 * the workspace then has to claim, as a capability or as a tag.
 */
export const capabilityNames = ['code', 'files', 'shell', 'web', 'vision', 'long-context', 'text'] as const;
