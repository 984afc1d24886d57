import type {WebhookTrigger} from '../../../source/workflow/triggers.ts';
import type {ArmedTrigger} from '../parts.ts';

export interface ArmedWebhook extends ArmedTrigger {
	readonly trigger: WebhookTrigger;
}

/** A webhook, and whether requests reach it. */
export interface PlacedWebhook {
	readonly armed: ArmedWebhook;
	/** `conflict`: another one has its path. `no-secret`: what would check signatures is not there. */
	readonly state: 'ready' | 'conflict' | 'no-secret';
	/** Why it is not ready, and what to do. */
	readonly detail?: string;
}

/**
 * Gives each path to one webhook: to the one that has it already, else to the first that asks for it.
 *
 * @param holders Keys of triggers by path, as they were.
 */
export const placesOf = (
	triggers: readonly ArmedWebhook[],
	holders: ReadonlyMap<string, string>,
): {readonly placed: readonly PlacedWebhook[]; readonly holders: ReadonlyMap<string, string>} => {
	const byPath = Map.groupBy(triggers, ({trigger}) => trigger.path);
	const owners = new Map(
		[...byPath].map(([path, asking]) => [path, asking.find(({key}) => key === holders.get(path)) ?? asking[0]!]),
	);
	return {
		placed: triggers.map(armed => placeOf(armed, owners.get(armed.trigger.path)!)),
		holders: new Map([...owners].map(([path, {key}]) => [path, key])),
	};
};

const placeOf = (armed: ArmedWebhook, owner: ArmedWebhook): PlacedWebhook => {
	const {path, secretName} = armed.trigger;
	if (owner !== armed) {
		const detail = `The path ${path} belongs to the workflow ${owner.workflow} (${owner.file}). Give this one another path.`;
		return {armed, state: 'conflict', detail};
	}

	if (secretName !== undefined && !armed.secrets[secretName]) {
		const detail = `The secret ${secretName} was not there when the workspace was armed. Set it, and run \`aiworkflow trust\` again.`;
		return {armed, state: 'no-secret', detail};
	}

	return {armed, state: 'ready'};
};
