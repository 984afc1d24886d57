export const description = 'Tell what was spent, what may be, and what a run will cost';
