// Fills the sprint: by priority, within the capacity, nothing before what it needs.
import {appendFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';

const {issues, sizes} = await json(process.stdin);
const capacity = Number(process.env.INPUT_CAPACITY);
// A step that was skipped has no list of outputs.
const sizeOf = id => [sizes].flat().find(size => size?.id === id);
const known = new Map(
	issues.map(({text: _, ...issue}) => {
		const size = sizeOf(issue.id);
		return [
			issue.id,
			{...issue, points: issue.points ?? size?.points ?? null, isClear: size?.clear ?? true, why: size?.why ?? ''},
		];
	}),
);

/** @returns The issue with all that must be done before it, that first; or why it cannot be begun. */
const withNeeds = (id, above = []) => {
	const issue = known.get(id);
	if (!issue) return {reason: `needs ${id}, which is not in the backlog`};
	if (above.includes(id)) return {reason: `needs itself: ${[...above, id].join(' → ')}`};
	if (!issue.isClear) return {reason: above.length > 0 ? `needs ${id}, which is not clear` : `not clear: ${issue.why}`};
	if (issue.points === null || issue.points >= 13)
		return {reason: above.length > 0 ? `needs ${id}, which has no size` : 'too large or too little known: split it'};
	const parts = issue.needs.map(need => withNeeds(need, [...above, id]));
	const reason = parts.find(part => part.reason)?.reason;
	return reason ? {reason} : {issues: [...parts.flatMap(part => part.issues), issue]};
};

const chosen = new Map();
const left = [];
const used = () => [...chosen.values()].reduce((sum, {points}) => sum + points, 0);
const wanted = [...known.values()].sort(
	(a, b) => a.priority - b.priority || (a.points ?? 99) - (b.points ?? 99) || a.id.localeCompare(b.id),
);
for (const issue of wanted) {
	const {issues: needed = [], reason} = withNeeds(issue.id);
	const more = [...new Map(needed.map(each => [each.id, each])).values()].filter(({id}) => !chosen.has(id));
	const points = more.reduce((sum, each) => sum + each.points, 0);
	if (reason) left.push({...issue, reason});
	else if (used() + points > capacity) left.push({...issue, reason: `${points} more points do not fit`});
	else for (const each of more) chosen.set(each.id, each);
}

const stillLeft = left.filter(({id}) => !chosen.has(id));
const line = ({id, title, points, priority}) => `${id}: ${title} (${points ?? '?'} points, priority ${priority})`;
console.log(
	[
		`${used()} of ${capacity} points`,
		...[...chosen.values()].map(line),
		...(stillLeft.length > 0 ? ['', 'Left out', ...stillLeft.map(issue => `${line(issue)}: ${issue.reason}`)] : []),
	].join('\n'),
);
appendFileSync(process.env.OUTPUT, JSON.stringify({points: used(), chosen: [...chosen.values()], left: stillLeft}));
