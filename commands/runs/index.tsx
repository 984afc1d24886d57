export const description = 'List, show, watch and cancel runs';
