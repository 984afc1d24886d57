import type {ScheduleView, TriggersPage, WebhooksView} from '../../../api/messages.ts';
import type {JournalEvent} from '../../../run/events.ts';
import type {CockpitDaemon} from '../../daemon.ts';

/** What starts runs by itself in the workspace. */
export interface KnownTriggers extends TriggersPage {
	/** Also those that are not armed. */
	readonly schedules: readonly ScheduleView[];
	/** Missing: no webhook is armed. */
	readonly webhooks?: WebhooksView;
}

/** Moments of a schedule that are shown. */
const comingCount = 3;

export const fetchTriggers = async (daemon: CockpitDaemon, workspace: string): Promise<KnownTriggers> => {
	const [page, {schedules}] = await Promise.all([
		daemon.triggers(workspace),
		daemon.schedules({workspace, coming: comingCount}),
	]);
	const hasWebhooks = page.triggers.some(({kind}) => kind === 'webhook');
	return {...page, schedules, webhooks: hasWebhooks ? await daemon.webhooks() : undefined};
};

/** Whether what is known of triggers may have changed with this event. */
export const isAboutTriggers = ({type}: JournalEvent): boolean =>
	/^(?:trigger|schedule|workspace|webhooks|message)\./.test(type) || runEvents.has(type);

const runEvents: ReadonlySet<string> = new Set([
	...['event.emitted', 'run.completed', 'run.failed', 'run.cancelled', 'run.reopened'],
]);
