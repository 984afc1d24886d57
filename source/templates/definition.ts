import type {Diagnostic} from '../workflow/diagnostics.ts';

/** What templates are sorted by: each says one. */
export const templateCategories = {
	'code-quality': 'Code quality',
	deployment: 'Deployment',
	testing: 'Testing',
	documentation: 'Documentation',
	security: 'Security',
	monitoring: 'Monitoring',
	data: 'Data',
	integration: 'Integration',
	general: 'General',
} as const;
export type TemplateCategory = keyof typeof templateCategories;

export const variableTypes = ['string', 'number', 'integer', 'boolean', 'choice', 'list', 'path'] as const;
export type VariableType = (typeof variableTypes)[number];

/** One thing that a template asks before it makes its files. */
export interface TemplateVariable {
	readonly name: string;
	readonly type: VariableType;
	readonly description: string;
	readonly required: boolean;
	/** Of the type. */
	readonly default?: VariableValue;
	/** A regular expression that the whole text, or each entry of a list, must match. */
	readonly pattern?: string;
	/** The values it may have, or the entries of a list. */
	readonly enum?: readonly (string | number)[];
	/** Of a number the value, of a text the characters, of a list the entries. */
	readonly min?: number;
	readonly max?: number;
}

export type VariableValue = string | number | boolean | readonly string[];
export type VariableValues = Readonly<Record<string, VariableValue>>;

/** What `template.yaml` says. */
export interface TemplateMetadata {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly category: TemplateCategory;
	readonly version: string;
	readonly author?: string;
	readonly license?: string;
	readonly tags: readonly string[];
	readonly requirements: TemplateRequirements;
	readonly variables: readonly TemplateVariable[];
}

/** What the workflow will look for when it runs; nothing of it is needed to make it. */
export interface TemplateRequirements {
	readonly commands: readonly string[];
	readonly env: readonly string[];
	/** Any one of them. */
	readonly agents: readonly string[];
}

export interface TemplateFile {
	/** From the folder of the template, with `/`. */
	readonly path: string;
	readonly bytes: Buffer;
	/** May be started as a program. */
	readonly isExecutable: boolean;
}

/** Where a template was found. */
export interface TemplateSource {
	readonly kind: 'built-in' | 'workspace' | 'user' | 'package' | 'folder' | 'git';
	/** Name of the package, path of the folder, or address of the repository. */
	readonly of?: string;
}

/** A template that was read from a folder. */
export interface LoadedTemplate {
	/** Absolute. */
	readonly folder: string;
	readonly source: TemplateSource;
	/** Absent where `template.yaml` cannot be read. */
	readonly metadata?: TemplateMetadata;
	readonly files: readonly TemplateFile[];
	/** It cannot be used while one of them is an error. */
	readonly diagnostics: readonly Diagnostic[];
}

/** One that has no mistakes. */
export type Template = LoadedTemplate & {readonly metadata: TemplateMetadata};

/** Always there: what the workflow that is made is called. */
export const nameVariable: TemplateVariable = {
	name: 'name',
	type: 'string',
	description: 'What the workflow is called',
	required: true,
	pattern: '[a-z0-9][a-z0-9._-]*',
	max: 64,
};

export const hasErrors = ({diagnostics}: Pick<LoadedTemplate, 'diagnostics'>): boolean =>
	diagnostics.some(({severity}) => severity === 'error');

/** @returns `built in`, `package acme-templates`. */
export const sourceWordsOf = ({kind, of}: TemplateSource): string =>
	[kind === 'built-in' ? 'built in' : kind, of].filter(Boolean).join(' ');
