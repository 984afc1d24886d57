export const description = 'Make workflows from templates: list, search, show, use';
