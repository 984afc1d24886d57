export const description = 'Create, list, show and validate workflows';
