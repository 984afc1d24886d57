export const description = 'List, show and validate workflows';
