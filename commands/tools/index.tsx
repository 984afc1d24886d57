export const description = 'List, look at and call tools';
