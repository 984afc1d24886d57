export const description = 'Folders of a workflow and what belongs to it: list, check, pack and unpack them';
