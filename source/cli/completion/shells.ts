export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Where a shell looks for it by itself, and how it is tried at once. */
export const places: Readonly<Record<Shell, {readonly file: string; readonly now: string}>> = {
	bash: {file: '~/.local/share/bash-completion/completions/aiworkflow', now: 'source <(aiworkflow completion bash)'},
	zsh: {file: '~/.zfunc/_aiworkflow', now: 'source <(aiworkflow completion zsh)'},
	fish: {file: '~/.config/fish/completions/aiworkflow.fish', now: 'aiworkflow completion fish | source'},
};

/** What each shell is given. It knows no commands: it asks the program that is typed, so that it never grows old. */
export const scripts: Readonly<Record<Shell, string>> = {
	bash: `# Completion of aiworkflow for bash.
_aiworkflow() {
	local current="\${COMP_WORDS[COMP_CWORD]}" kind value about
	COMPREPLY=()
	while IFS=$'\\t' read -r value about; do
		if [ -z "$kind" ]; then
			kind=$value
		else
			case $value in
			*=) COMPREPLY+=("$value") && compopt -o nospace 2>/dev/null ;;
			*) COMPREPLY+=("$(printf '%q' "$value")") ;;
			esac
		fi
	done < <("\${COMP_WORDS[0]}" __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	[ "$current" = = ] && current=
	case $kind in
	files | folders)
		compopt -o filenames 2>/dev/null
		local action=-f
		[ "$kind" = folders ] && action=-d
		while IFS= read -r value; do
			COMPREPLY+=("$value")
		done < <(compgen "$action" -- "$current")
		;;
	esac
}
complete -F _aiworkflow aiworkflow aiw
`,
	zsh: `#compdef aiworkflow aiw
# Completion of aiworkflow for zsh.
_aiworkflow() {
	local kind value about
	local -a values shown open openShown
	while IFS=$'\\t' read -r value about; do
		if [[ -z $kind ]]; then
			kind=$value
		elif [[ $value == *= ]]; then
			open+=("$value")
			openShown+=("$value\${about:+  -- $about}")
		else
			values+=("$value")
			shown+=("$value\${about:+  -- $about}")
		fi
	done < <("\${(Q)words[1]}" __complete zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
	(( $#values )) && compadd -l -d shown -a values
	(( $#open )) && compadd -S '' -l -d openShown -a open
	case $kind in
	files) _files ;;
	folders) _files -/ ;;
	esac
}
if [[ \${funcstack[1]} == _aiworkflow ]]; then
	_aiworkflow "$@"
elif (( $+functions[compdef] )); then
	compdef _aiworkflow aiworkflow aiw
fi
`,
	fish: `# Completion of aiworkflow for fish.
function __aiworkflow_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	set -l program $words[1]
	set -e words[1]
	set -l lines ($program __complete fish $words "$current" 2>/dev/null)
	switch "$lines[1]"
		case files
			__fish_complete_path "$current"
		case folders
			__fish_complete_directories "$current"
	end
	set -e lines[1]
	test (count $lines) -gt 0; and printf '%s\\n' $lines
end
complete -c aiworkflow -f -a '(__aiworkflow_complete)'
complete -c aiw -f -a '(__aiworkflow_complete)'
`,
};
