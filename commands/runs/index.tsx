export const description = 'List, show, watch, steer and undo runs';
