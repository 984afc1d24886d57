import type {WorkflowSettings} from '../settings/workflow-settings.ts';
import type {StepDraft} from '../steps/draft.ts';
import type {StepGraph} from '../steps/graph.ts';
import type {Report} from '../text/report.ts';
import {checkSite} from './check.ts';
import type {NameTable} from './check-reference.ts';
import {secretEnvNamesOf} from './secret-env.ts';

/** Checks every expression of the file. @returns The names of the secrets it reads, in order of appearance. */
export const checkExpressions = (
	report: Report,
	{inputs, environment, passEnv, outputSites, concurrency, triggers}: WorkflowSettings,
	drafts: readonly StepDraft[],
	graph: StepGraph,
): readonly string[] => {
	const ofWorkflow = secretEnvNamesOf(environment.templates, new Set());
	const names: NameTable = {
		inputNames: inputs && Object.keys(inputs),
		envNames: Object.keys(environment.templates),
		secretEnvNames: ofWorkflow,
		passEnvNames: passEnv,
		drafts,
		graph,
		secretNames: new Set(),
	};
	for (const site of concurrency?.sites ?? []) checkSite(report, site, names);
	for (const site of triggers?.sites ?? []) checkSite(report, site, names);
	for (const site of environment.sites) checkSite(report, site, names);
	for (const step of drafts) {
		const {env} = step.body;
		const inherited = [...ofWorkflow].filter(name => !Object.hasOwn(env, name));
		const ofEnv = {...names, step};
		const ofStep = {
			...ofEnv,
			envNames: [...names.envNames, ...Object.keys(env)],
			secretEnvNames: new Set([...inherited, ...secretEnvNamesOf(env, ofWorkflow)]),
		};
		for (const site of step.sites) checkSite(report, site, site.place === 'env' ? ofEnv : ofStep);
	}

	for (const site of outputSites) checkSite(report, site, names);
	return [...names.secretNames];
};
