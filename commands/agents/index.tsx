export const description = 'List, check and disable agents';
