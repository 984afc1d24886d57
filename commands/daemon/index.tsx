export const description = 'Start, stop and look at the daemon';
