import {expect} from 'vitest';
import type {ListenAddress} from '../../../../runtime/store/webhooks.ts';
import {createWebhooksTable} from '../../../../runtime/store/webhooks.ts';
import {createWebhooks, type Webhooks} from '../../../../runtime/triggers/webhook/webhooks.ts';
import {createTriggerWorld, tester} from '../trigger-world.ts';
import {type CurlRequest, curl} from './curl.ts';

export const secret = 'whsec_5Pz3aQnE0n1xkqTt';

/** Real requests to a real listener, in a world with its own clock and runs that are only noted. */
export const createWebhookWorld = () => {
	const base = createTriggerWorld();
	const timers = new Set<{readonly atMs: number; readonly callback: () => void}>();
	const warnings: object[] = [];
	const state = {isDraining: false};
	const clock = {
		now: () => base.world.nowMs,
		at(atMs: number, callback: () => void) {
			const timer = {atMs, callback};
			timers.add(timer);
			return () => void timers.delete(timer);
		},
	};

	/** A daemon's worth of webhooks; it listens where the one before it did. */
	const open = async () => {
		let webhooks: Webhooks | undefined;
		const daemon = await base.open((desk, {database, journal}) => {
			webhooks = createWebhooks({
				...{table: createWebhooksTable(database), journal, clock},
				isDraining: () => state.isDraining,
				warn: (what, message) => warnings.push({...what, message}),
				onDefect: error => base.defects.push(error),
			});
			return [webhooks.sourceOf(desk)];
		});
		await webhooks!.begin();
		return {...daemon, webhooks: webhooks!};
	};

	return {
		...base,
		state,
		warnings,
		timers,
		open,
		secondsNow: () => Math.floor(base.world.nowMs / 1000),
		/** Lets time pass, and calls back what waits for it. */
		pass(ms: number) {
			base.world.nowMs += ms;
			for (const timer of [...timers]) {
				if (timer.atMs > base.world.nowMs) continue;
				timers.delete(timer);
				timer.callback();
			}
		},
		/** Arms what was written, listens, and gives a way in. */
		async listening({environment = {HOOK: secret}, address = {host: '127.0.0.1', port: 0}}: Partial<Listening> = {}) {
			const daemon = await open();
			await daemon.arming.arm(base.workspace, {PATH: '/bin', ...environment}, tester);
			await daemon.webhooks.start(address, tester);
			const {port} = daemon.webhooks.listener().address!;
			expect(port).toBeGreaterThan(0);
			const send = (path: string, request: Omit<CurlRequest, 'url'> = {}) =>
				curl({url: `http://127.0.0.1:${port}${path}`, ...request});
			return {...daemon, port, send};
		},
	};
};

interface Listening {
	readonly environment: Readonly<Record<string, string>>;
	readonly address: ListenAddress;
}

/** The lines of a signed webhook under `on:`. */
export const webhook = (path: string, style: string, more = ''): string =>
	`webhook: { path: ${path}, style: ${style}, secret: "\${{ secrets.HOOK }}"${more} }`;
