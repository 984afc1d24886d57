import type {Origin} from '../../source/run/events.ts';
import type {AgentSwitchesTable} from '../store/agent-switches.ts';
import type {Journal} from '../store/journal.ts';
import type {AgentSwitches, Clock, DisabledAgent} from './parts.ts';

/** What persons decided about agents: kept in the journal, so that it holds until they decide otherwise. */
export const createAgentSwitches = (journal: Journal, table: AgentSwitchesTable, clock: Clock): AgentSwitches => {
	const disabled = new Map<string, DisabledAgent>(table.all().map(agent => [agent.name, agent]));
	let preferred = table.preferred();
	return {
		preferred: () => preferred,
		prefer(name, origin) {
			preferred = name;
			journal.append(null, 0, {type: 'agent.preferred', body: {agent: name ?? null, origin}}, clock.now());
			journal.project(() => table.prefer(name));
		},
		disabledOf: name => disabled.get(name),
		all: () => [...disabled.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
		disable(name: string, origin: Origin, reason?: string) {
			const agent = {name, atMs: clock.now(), origin, reason: reason ?? null};
			disabled.set(name, agent);
			journal.append(null, 0, {type: 'agent.disabled', body: {agent: name, origin, reason}}, agent.atMs);
			journal.project(() => table.write(agent));
		},
		enable(name: string, origin: Origin) {
			if (!disabled.delete(name)) return false;
			journal.append(null, 0, {type: 'agent.enabled', body: {agent: name, origin}}, clock.now());
			journal.project(() => table.remove(name));
			return true;
		},
	};
};
