/** What an event may be called: `deploy.done`, `ci/main:passed`. */
export const isEventName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/.test(name);

export const eventNameRule =
	'Begin with a letter or a digit; then letters, digits and `.` `_` `-` `:` `/`, at most 128 characters in all.';
