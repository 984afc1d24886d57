export const description = 'List and answer what waits for a person';
