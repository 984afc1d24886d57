export const description = 'List agents, and whether they work';
