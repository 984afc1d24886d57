export const description = 'Start, stop, back up and look at the daemon';
