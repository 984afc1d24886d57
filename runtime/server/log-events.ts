import type {Bus} from '../engine/bus.ts';
import type {Log} from '../logs/log.ts';

/**
 * What a person who reads the daemon's log looks for there: agents and tools that stopped working, and work
 * again; what nobody was told of in the end.
 */
export const logBreakers = (bus: Bus, log: Log): void => {
	bus.subscribe(events => {
		for (const {type, body} of events) {
			switch (type) {
				case 'breaker.opened': {
					const {kind, name, failures, untilMs, failure} = body;
					const until = new Date(untilMs).toISOString();
					log.warn({[kind]: name, failures, until, code: failure.code, why: failure.message}, type);
					break;
				}

				case 'agent.checked': {
					const {agent, workspace, isHealthy, detail} = body;
					if (isHealthy) log.info({agent, workspace}, type);
					else log.warn({agent, workspace, why: detail}, type);
					break;
				}

				case 'webhook.buried': {
					const {delivery, to, workflow, tries, failure} = body;
					log.warn({delivery, to, workflow, tries, code: failure.code, why: failure.message}, type);
					break;
				}

				case 'agent.disabled':
				case 'agent.enabled':
					log.info({agent: body.agent, by: body.origin.by}, type);
					break;
				case 'breaker.half-opened':
				case 'breaker.closed':
					log.info({[body.kind]: body.name}, type);
					break;
			}
		}
	});
};
